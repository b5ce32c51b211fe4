"""What a new script begins with."""

FIRST_TEXT = """\
# A new script. Write what to say, and where each answer leads; the check beside tells what is missing.
flow: room.name
kind: script
title: A new script
languages: [it, en, ru]
start: greet
give_up: broken_off

inputs:
  company: {type: text, sample: Centralino}
  agent_name: {type: text, sample: Marta}
  customer_name: {type: text, sample: Anna Rossi}

steps:
  greet:
    page:
      stage: greet
      title: {it: Saluto, en: Greeting, ru: Приветствие}
      say:
        it: "Buongiorno {customer_name}, sono {agent_name} di {company}."
        en: "Good day {customer_name}, this is {agent_name} of {company}."
        ru: "Здравствуйте, {customer_name}, это {agent_name}, компания {company}."
      answers:
        1:
          text: {it: "Mi dica", en: "Go on", ru: "Слушаю"}
          to: thanks
      objections:
        9:
          text: {it: "Non ho tempo", en: "I have no time", ru: "Нет времени"}
          to: broken_off

  thanks:
    end: done
    goal: true
    say:
      it: "Grazie. Buona giornata."
      en: "Thank you. Good-bye."
      ru: "Спасибо. До свидания."
  broken_off: {end: broken_off}
"""
