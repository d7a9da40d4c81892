"""The figures: for the commissioner as published, for the service's own staff as they are now."""

from flask import Blueprint

from survey_app.web.commissioner.choosing import choosing_pages
from survey_app.web.commissioner.downloads import download_pages
from survey_app.web.commissioner.figures import figures_pages
from survey_app.web.commissioner.publish import publish_pages
from survey_app.web.commissioner.split import split_pages

blueprint = Blueprint("commissioner", __name__, template_folder="templates")
figures_pages(blueprint)
choosing_pages(blueprint)
download_pages(blueprint)
publish_pages(blueprint)
split_pages(blueprint)
