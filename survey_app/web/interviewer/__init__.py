"""Ringing people up: the list, and one call at a time. Interviewers see nothing else."""

from flask import Blueprint

from survey_app.web.interviewer.answers import answers_pages
from survey_app.web.interviewer.call import call_pages
from survey_app.web.interviewer.list import list_pages

blueprint = Blueprint("interviewer", __name__, template_folder="templates")
list_pages(blueprint)
call_pages(blueprint)
answers_pages(blueprint)
