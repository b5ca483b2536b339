"""Sessions in the database. Forgetting one that has ended is a writing that a GET may do."""

from django.contrib.sessions.backends import db

from pupitre.socle.lecture_seule import ecriture_permise


class SessionStore(db.SessionStore):
    def delete(self, session_key=None):
        with ecriture_permise("une session close est effacée"):
            super().delete(session_key)

    @classmethod
    def get_model_class(cls):
        return db.SessionStore.get_model_class()
