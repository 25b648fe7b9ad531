"""The drawings behind the demo's pictures: a function for each thing a shop sells, in flat shapes and three shades."""

from catalogue.drawing.bags import BAGS
from catalogue.drawing.bath import BATH
from catalogue.drawing.beauty import BEAUTY
from catalogue.drawing.cabinets import CABINETS
from catalogue.drawing.clothes import CLOTHES
from catalogue.drawing.computers import COMPUTERS
from catalogue.drawing.cookware import COOKWARE
from catalogue.drawing.decor import DECOR
from catalogue.drawing.garden import GARDEN
from catalogue.drawing.greenery import GREENERY
from catalogue.drawing.hardware import HARDWARE
from catalogue.drawing.lights import LIGHTS
from catalogue.drawing.machines import MACHINES
from catalogue.drawing.paint import Drawing
from catalogue.drawing.pantry import PANTRY
from catalogue.drawing.phones import PHONES
from catalogue.drawing.seats import SEATS
from catalogue.drawing.soft import SOFT
from catalogue.drawing.sound import SOUND
from catalogue.drawing.sports import SPORTS
from catalogue.drawing.surfaces import SURFACES
from catalogue.drawing.tables import TABLES
from catalogue.drawing.tableware import TABLEWARE
from catalogue.drawing.tools import TOOLS
from catalogue.drawing.toys import TOYS

ARCHETYPES: dict[str, Drawing] = {
    **SEATS,
    **SOFT,
    **TABLES,
    **CABINETS,
    **MACHINES,
    **DECOR,
    **GREENERY,
    **LIGHTS,
    **PHONES,
    **COMPUTERS,
    **SOUND,
    **BATH,
    **HARDWARE,
    **SURFACES,
    **GARDEN,
    **COOKWARE,
    **TABLEWARE,
    **CLOTHES,
    **BAGS,
    **BEAUTY,
    **PANTRY,
    **SPORTS,
    **TOYS,
    **TOOLS,
}
"""By the name that the classes of the catalogue use for their picture."""
