"""The drawings behind the demo's pictures: one function for each thing a shop sells, in flat shapes and three shades."""

from catalogue.drawing.cabinets import CABINETS
from catalogue.drawing.decor import DECOR
from catalogue.drawing.devices import DEVICES
from catalogue.drawing.fixtures import FIXTURES
from catalogue.drawing.goods import GOODS
from catalogue.drawing.kitchen import KITCHEN
from catalogue.drawing.paint import Drawing
from catalogue.drawing.seats import SEATS
from catalogue.drawing.soft import SOFT
from catalogue.drawing.wear import WEAR

ARCHETYPES: dict[str, Drawing] = {
    **SEATS,
    **CABINETS,
    **DECOR,
    **SOFT,
    **FIXTURES,
    **KITCHEN,
    **DEVICES,
    **WEAR,
    **GOODS,
}
"""By the name that the classes of the catalogue use for their picture."""
