"""The words of the fallback script, by the name of their sound and by language."""

TEXTS: dict[str, dict[str, str]] = {
    "sorry": {
        "it": "Ci scusi, in questo momento il servizio automatico non è disponibile.",
        "en": "We are sorry, our automatic service is not available at the moment.",
        "ru": "Извините, наш автоматический сервис сейчас недоступен.",
    },
    "ask_own": {
        "it": "Se vuole che la richiamiamo al numero da cui chiama, prema 1. "
        "Per un altro numero, lo digiti e poi prema cancelletto.",
        "en": "To be called back at the number you are calling from, press 1. "
        "For another number, enter it, then press hash.",
        "ru": "Чтобы мы перезвонили на номер, с которого вы звоните, нажмите 1. "
        "Чтобы мы перезвонили на другой, наберите его и нажмите решётку.",
    },
    "ask": {
        "it": "Se vuole che la richiamiamo, digiti il suo numero di telefono e poi prema cancelletto.",
        "en": "If you would like us to call you back, enter your telephone number, then press hash.",
        "ru": "Если вы хотите, чтобы мы вам перезвонили, наберите ваш номер телефона и нажмите решётку.",
    },
    "nothing": {
        "it": "Non ho sentito nulla.",
        "en": "I did not hear anything.",
        "ru": "Мы ничего не услышали.",
    },
    "invalid": {
        "it": "Questo numero non è valido.",
        "en": "That number is not valid.",
        "ru": "Номер набран неверно.",
    },
    "read_back": {"it": "Ha digitato:", "en": "You entered:", "ru": "Вы набрали:"},
    "confirm": {
        "it": "Se è giusto prema 1. Per correggere prema 2.",
        "en": "If that is right press 1. To change it press 2.",
        "ru": "Если всё верно, нажмите 1. Чтобы исправить, нажмите 2.",
    },
    "thanks": {
        "it": "Grazie. La richiameremo appena possibile. Arrivederci.",
        "en": "Thank you. We will call you back as soon as we can. Goodbye.",
        "ru": "Спасибо. Мы перезвоним вам, как только сможем. До свидания.",
    },
    "call_later": {
        "it": "La preghiamo di richiamare più tardi. Arrivederci.",
        "en": "Please call again later. Goodbye.",
        "ru": "Пожалуйста, перезвоните позже. До свидания.",
    },
    "we_call_again": {
        "it": "La richiameremo noi. Arrivederci.",
        "en": "We will call you again. Goodbye.",
        "ru": "Мы сами перезвоним вам. До свидания.",
    },
    "digit_0": {"it": "zero,", "en": "zero,", "ru": "ноль,"},
    "digit_1": {"it": "uno,", "en": "one,", "ru": "один,"},
    "digit_2": {"it": "due,", "en": "two,", "ru": "два,"},
    "digit_3": {"it": "tre,", "en": "three,", "ru": "три,"},
    "digit_4": {"it": "quattro,", "en": "four,", "ru": "четыре,"},
    "digit_5": {"it": "cinque,", "en": "five,", "ru": "пять,"},
    "digit_6": {"it": "sei,", "en": "six,", "ru": "шесть,"},
    "digit_7": {"it": "sette,", "en": "seven,", "ru": "семь,"},
    "digit_8": {"it": "otto,", "en": "eight,", "ru": "восемь,"},
    "digit_9": {"it": "nove,", "en": "nine,", "ru": "девять,"},
}
"""`digit_N` are for reading a number back, one after the other."""
