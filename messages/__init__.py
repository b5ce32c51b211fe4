"""The written word beside the line: mail to people, signed webhooks to other systems. Floor 2.

`messages.mail.Mailer` hands letters to the house's mail server; `messages.webhooks` tells other systems of
facts from the outbox, again and again until they have heard of them.
"""

from messages.mail import Letter, Mailer, MailSettings

__all__ = ["Letter", "MailSettings", "Mailer"]
