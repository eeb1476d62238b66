"""Address books as files: vCard 2.1, 3.0 and 4.0, and CSV as Google and Outlook write it. No database here."""
