"""Every picture by its name: which drawing, in which colour, before which backdrop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from pictures import beauty as b
from pictures import electronics as e
from pictures import fashion as f
from pictures import general as g
from pictures import home as h
from pictures import palette as p
from pictures.shots import Item, Plinth, Scene, Shot
from pictures.studio import Draw, Studio, light

PICTURES: dict[str, Shot | Scene] = {}

_Colours = ParamSpec("_Colours")


def of(
    drawing: Callable[Concatenate[Studio, _Colours], None],
    *colours: _Colours.args,
    **named: _Colours.kwargs,
) -> Draw:
    """A drawing in given colours."""
    return lambda studio: drawing(studio, *colours, **named)


def shots(
    category: str,
    backdrop: str,
    made: dict[str, tuple[str, Draw]],
    *,
    floor: bool = True,
    zoom: float = 1.0,
) -> None:
    for name, (title, draw) in made.items():
        PICTURES[f"{category}/{name}"] = Shot(title, backdrop, draw, floor, zoom)


def scene(name: str, title: str, backdrop: str, *things: Plinth | Item, floor: bool = True) -> None:
    PICTURES[name] = Scene(title, backdrop, things, floor)


# --- Electronics -----------------------------------------------------------------------------------------

shots(
    "electronics",
    p.STONE,
    {
        "aurora-headphones": ("Over-ear headphones in graphite", of(e.headphones, p.GRAPHITE)),
        "aurora-headphones-sand": ("Over-ear headphones in sand", of(e.headphones, p.SAND)),
        "aurora-headphones-sage": ("Over-ear headphones in sage", of(e.headphones, p.SAGE)),
        "murmur-earbuds": ("White earbuds before their charging case", of(e.earbuds, p.CHALK)),
        "murmur-earbuds-graphite": ("Graphite earbuds before their charging case", of(e.earbuds, p.GRAPHITE)),
        "inlet-portable-speaker": ("A round portable speaker in clay", of(e.portable_speaker, p.CLAY)),
        "inlet-portable-speaker-slate": (
            "A round portable speaker in slate",
            of(e.portable_speaker, p.SLATE),
        ),
        "inlet-portable-speaker-moss": (
            "A round portable speaker in moss green",
            of(e.portable_speaker, p.MOSS),
        ),
    },
    zoom=1.16,
)
shots(
    "electronics",
    p.STONE,
    {
        "mantel-bookshelf-speakers": (
            "A pair of bookshelf speakers in walnut",
            of(e.bookshelf_speakers, p.WALNUT),
        ),
        "mantel-bookshelf-speakers-black-ash": (
            "A pair of bookshelf speakers in black ash",
            of(e.bookshelf_speakers, p.ASH),
        ),
        "lento-turntable": ("A turntable with a walnut plinth, playing a record", of(e.turntable, p.WALNUT)),
        "lento-turntable-chalk": (
            "A turntable with a white plinth, playing a record",
            of(e.turntable, p.BONE),
        ),
        "longshore-soundbar": ("A soundbar before its bass box", of(e.soundbar, p.GRAPHITE)),
    },
)
shots(
    "electronics",
    p.MIST,
    {
        "foolscap-14-laptop": ("An open laptop in silver", of(e.laptop, p.SILVER)),
        "foolscap-14-laptop-ink": ("An open laptop in dark blue", of(e.laptop, p.INK)),
        "casement-27-monitor": ("A monitor on its stand", of(e.monitor, p.SILVER)),
        "soliloquy-microphone": ("A studio microphone on a desk stand", of(e.microphone, p.GRAPHITE)),
        "quayside-dock": ("A flat dock with a row of ports", of(e.dock, p.SILVER)),
        "stanza-keyboard": ("A compact keyboard in bone white", of(e.keyboard, p.BONE)),
        "stanza-keyboard-ink": ("A compact keyboard in dark blue", of(e.keyboard, p.INK)),
    },
)
shots(
    "electronics",
    p.MIST,
    {
        "quarto-11-tablet": ("A light tablet with its pen", of(e.tablet, p.BONE)),
        "quarto-11-tablet-ink": ("A dark blue tablet with its pen", of(e.tablet, p.INK)),
        "cobble-mouse": ("A computer mouse in bone white", of(e.mouse, p.BONE)),
        "cobble-mouse-ink": ("A computer mouse in dark blue", of(e.mouse, p.INK)),
        "cobble-mouse-sage": ("A computer mouse in sage", of(e.mouse, p.SAGE)),
    },
    floor=False,
    zoom=1.06,
)
shots(
    "electronics",
    p.FERN,
    {
        "hearthside-thermostat": ("A round thermostat with a brass ring", of(e.thermostat, p.BRASS)),
        "hearthside-thermostat-steel": ("A round thermostat with a steel ring", of(e.thermostat, p.STEEL)),
        "stoop-video-doorbell": ("A video doorbell on a wall", of(e.doorbell, p.SILVER)),
        "lintel-smart-lock": ("A door lock with keypad and handle in graphite", of(e.lock, p.GRAPHITE)),
        "lintel-smart-lock-brass": ("A door lock with keypad and handle in brass", of(e.lock, p.BRASS)),
    },
    floor=False,
    zoom=1.06,
)
shots(
    "electronics",
    p.FERN,
    {
        "wick-smart-bulb": ("A glowing light bulb", of(e.bulb, p.CHALK)),
        "sill-indoor-camera": ("A small white camera on its foot", of(e.camera, p.CHALK)),
        "sill-indoor-camera-ink": ("A small dark blue camera on its foot", of(e.camera, p.INK)),
        "rondel-robot-vacuum": ("A round robot vacuum before its dock", of(e.robot_vacuum, p.CHALK)),
    },
    zoom=1.06,
)
shots(
    "electronics",
    p.BLUSH,
    {
        "almanac-smartwatch": ("A smartwatch with a graphite strap", of(e.smartwatch, p.GRAPHITE)),
        "almanac-smartwatch-rose": ("A smartwatch with a rose strap", of(e.smartwatch, p.ROSE)),
        "almanac-smartwatch-sage": ("A smartwatch with a sage strap", of(e.smartwatch, p.SAGE)),
        "cairn-gps-watch": (
            "A round outdoor watch showing a map, with a dark strap",
            of(e.gps_watch, p.BASALT),
        ),
        "cairn-gps-watch-ochre": (
            "A round outdoor watch showing a map, with an ochre strap",
            of(e.gps_watch, p.OCHRE),
        ),
    },
    floor=False,
    zoom=1.06,
)
shots(
    "electronics",
    p.BLUSH,
    {
        "footnote-activity-band": ("A slim activity band in graphite", of(e.band, p.GRAPHITE)),
        "footnote-activity-band-clay": ("A slim activity band in clay", of(e.band, p.CLAY)),
        "footnote-activity-band-lake": ("A slim activity band in blue", of(e.band, p.LAKE)),
        "hush-sleep-ring": ("A smooth silver ring with sensors inside", of(e.ring, p.SILVER)),
        "hush-sleep-ring-gold": ("A smooth gold ring with sensors inside", of(e.ring, p.GOLD)),
        "layby-charging-stand": (
            "A phone and a watch on a white charging stand",
            of(e.charging_stand, p.CHALK),
        ),
        "layby-charging-stand-graphite": (
            "A phone and a watch on a graphite charging stand",
            of(e.charging_stand, p.GRAPHITE),
        ),
    },
    zoom=1.1,
)
scene(
    "electronics/hero",
    "Headphones, a speaker and a turntable on round blocks",
    p.STONE,
    Plinth(910, 820, 360, 300, p.SAND),
    Plinth(1240, 860, 260, 170, p.SAGE),
    Item(of(e.headphones, p.GRAPHITE), 910, 530, 0.6),
    Item(of(e.portable_speaker, p.CLAY), 1240, 700, 0.5),
    Item(of(e.turntable, p.WALNUT), 490, 900, 0.62),
)
scene(
    "electronics/story",
    "A monitor between speakers and a microphone, with a keyboard in front",
    p.MIST,
    Item(of(e.monitor, p.SILVER), 760, 760, 0.68),
    Item(of(e.microphone, p.GRAPHITE), 1250, 800, 0.58),
    Item(of(e.bookshelf_speakers, p.WALNUT), 280, 770, 0.42),
    Item(of(e.keyboard, p.BONE), 740, 1020, 0.5),
)
scene(
    "electronics/collection-audio",
    "A speaker, a pair of bookshelf speakers and headphones",
    p.STONE,
    Item(of(e.bookshelf_speakers, p.WALNUT), 560, 780, 0.68),
    Plinth(1180, 860, 380, 150, p.SAND),
    Item(of(e.headphones, p.SAGE), 1180, 720, 0.62),
    Item(of(e.portable_speaker, p.CLAY), 840, 900, 0.42),
)
scene(
    "electronics/collection-computing",
    "An open laptop, a dock and a microphone",
    p.MIST,
    Item(of(e.laptop, p.SILVER), 680, 790, 0.8),
    Item(of(e.microphone, p.GRAPHITE), 1300, 800, 0.6),
    Item(of(e.dock, p.SILVER), 1180, 920, 0.42),
)
scene(
    "electronics/collection-smart-home",
    "A robot vacuum, a camera and a glowing bulb",
    p.FERN,
    Item(of(e.robot_vacuum, p.CHALK), 660, 830, 0.78),
    Plinth(1280, 830, 300, 330, p.SAGE),
    Item(of(e.bulb, p.CHALK), 1280, 510, 0.48),
    Item(of(e.camera, p.INK), 1050, 890, 0.44),
)
scene(
    "electronics/collection-wearables",
    "An activity band, a charging stand and a ring",
    p.BLUSH,
    Item(of(e.charging_stand, p.CHALK), 600, 800, 0.78),
    Plinth(1170, 800, 380, 180, p.ROSE),
    Item(of(e.band, p.CLAY), 1170, 630, 0.5),
    Item(of(e.ring, p.GOLD), 930, 900, 0.26),
)

# --- Fashion ---------------------------------------------------------------------------------------------

shots(
    "fashion",
    p.STONE,
    {
        "alder-wool-coat": ("A long wool coat in camel on a hanger", of(f.coat, p.CAMEL)),
        "alder-wool-coat-charcoal": ("A long wool coat in charcoal on a hanger", of(f.coat, p.CHARCOAL)),
        "tarn-crew-sweater": ("A crew-neck sweater in oat", of(f.sweater, p.OAT)),
        "tarn-crew-sweater-moss": ("A crew-neck sweater in moss green", of(f.sweater, p.MOSS)),
        "tarn-crew-sweater-navy": ("A crew-neck sweater in navy", of(f.sweater, p.NAVY)),
        "skein-wool-scarf": ("A checked wool scarf in moss green over a rail", of(f.scarf, p.MOSS, p.PINE)),
        "skein-wool-scarf-grey-check": (
            "A checked wool scarf in grey over a rail",
            of(f.scarf, "#9a9a9c", p.CHARCOAL),
        ),
    },
    floor=False,
)
shots(
    "fashion",
    p.MIST,
    {
        "plain-cotton-t-shirt": ("A white T-shirt", of(f.t_shirt, p.WHITE)),
        "plain-cotton-t-shirt-clay": ("A T-shirt in clay", of(f.t_shirt, p.CLAY)),
        "plain-cotton-t-shirt-ink": ("A T-shirt in dark blue", of(f.t_shirt, p.INK)),
        "quarry-straight-jeans": ("Straight jeans in blue denim", of(f.jeans, "#4a6285")),
        "linden-linen-shirt": ("A pale blue linen shirt on a hanger", of(f.shirt, "#a9c0d3")),
        "linden-linen-shirt-white": ("A white linen shirt on a hanger", of(f.shirt, p.WHITE)),
    },
    floor=False,
)
shots(
    "fashion",
    p.CREAM,
    {
        "carrel-leather-tote": ("A leather tote bag in tan", of(f.tote, p.TAN)),
        "carrel-leather-tote-black": ("A leather tote bag in black", of(f.tote, p.BLACK)),
        "kerb-leather-sneakers": ("White leather sneakers", of(f.sneakers, p.WHITE)),
        "kerb-leather-sneakers-tan": ("Tan leather sneakers", of(f.sneakers, p.TAN)),
        "harrow-knit-beanie": ("A ribbed beanie in rust", of(f.beanie, p.RUST)),
        "harrow-knit-beanie-oat": ("A ribbed beanie in oat", of(f.beanie, p.OAT)),
        "harrow-knit-beanie-navy": ("A ribbed beanie in navy", of(f.beanie, p.NAVY)),
        "lido-sunglasses": ("Round sunglasses in tortoiseshell", of(f.sunglasses, "#6d3f22")),
        "lido-sunglasses-black": ("Round sunglasses in black", of(f.sunglasses, p.BLACK)),
    },
)
scene(
    "fashion/hero",
    "A camel coat, a tote bag and sunglasses",
    p.CREAM,
    Item(of(f.coat, p.CAMEL), 950, 740, 0.84),
    Plinth(490, 860, 400, 120, p.OAT),
    Item(of(f.tote, p.TAN), 490, 750, 0.62),
    Plinth(1240, 880, 320, 120, p.SAND),
    Item(of(f.sunglasses, "#6d3f22"), 1240, 775, 0.36),
)
scene(
    "fashion/story",
    "A linen shirt, a sweater and a T-shirt side by side",
    p.STONE,
    Item(of(f.shirt, "#a9c0d3"), 370, 740, 0.8),
    Item(of(f.sweater, p.OAT), 800, 760, 0.8),
    Item(of(f.t_shirt, p.CLAY), 1240, 750, 0.8),
    floor=False,
)
scene(
    "fashion/collection-outerwear-and-knitwear",
    "A charcoal coat and a beanie",
    p.STONE,
    Item(of(f.coat, p.CHARCOAL), 560, 740, 0.84),
    Plinth(1120, 840, 420, 260, p.OAT),
    Item(of(f.beanie, p.RUST), 1120, 600, 0.56),
)
scene(
    "fashion/collection-everyday",
    "A white T-shirt, jeans and a pale blue shirt",
    p.MIST,
    Item(of(f.t_shirt, p.WHITE), 380, 750, 0.78),
    Item(of(f.jeans, "#4a6285"), 830, 760, 0.78),
    Item(of(f.shirt, "#a9c0d3"), 1260, 740, 0.8),
    floor=False,
)
scene(
    "fashion/collection-bags-and-accessories",
    "A tote bag, sunglasses and a beanie",
    p.CREAM,
    Item(of(f.tote, p.TAN), 540, 850, 0.76),
    Plinth(1140, 840, 440, 230, p.SAND),
    Item(of(f.sunglasses, "#6d3f22"), 1140, 640, 0.48),
)

# --- Home ------------------------------------------------------------------------------------------------

shots(
    "home",
    p.CREAM,
    {
        "riverside-carafe-set": ("A glass carafe of water with two tumblers", of(h.carafe)),
        "kiln-stoneware-mugs": ("Two stoneware mugs with a white glaze", of(h.mugs, p.CHALK)),
        "kiln-stoneware-mugs-sea": ("Two stoneware mugs with a blue glaze", of(h.mugs, p.LAKE)),
        "kiln-stoneware-mugs-rust": ("Two stoneware mugs with a rust-coloured glaze", of(h.mugs, p.RUST)),
        "orchard-serving-bowl": ("A wide stoneware bowl full of pears", of(h.bowl, p.CHALK)),
        "breadside-oak-board": ("An oak cutting board and a loaf of bread", of(h.board, p.OAK)),
    },
)
shots(
    "home",
    p.HONEY,
    {
        "dune-table-lamp": ("A lit table lamp with a sand-coloured foot", of(h.lamp, p.SAND)),
        "dune-table-lamp-pine": ("A lit table lamp with a dark green foot", of(h.lamp, p.PINE)),
        "evenfall-soy-candle": ("A burning candle in a glass", of(h.candle, "#f3dfb6")),
    },
)
shots(
    "home",
    p.HONEY,
    {
        "lantern-pendant-light": ("A lit pendant lamp in ochre", of(h.pendant, p.OCHRE)),
        "lantern-pendant-light-black": ("A lit pendant lamp in black", of(h.pendant, p.BLACK)),
    },
    floor=False,
)
shots(
    "home",
    p.FERN,
    {
        "heddle-wool-throw": ("A folded wool throw in oat", of(h.throw, p.OAT)),
        "heddle-wool-throw-heather": ("A folded wool throw in heather", of(h.throw, "#8d7f95")),
        "selvedge-linen-cushion": ("A linen cushion in clay", of(h.cushion, p.CLAY)),
        "selvedge-linen-cushion-oat": ("A linen cushion in oat", of(h.cushion, p.OAT)),
        "selvedge-linen-cushion-pine": ("A linen cushion in dark green", of(h.cushion, p.PINE)),
        "fen-ceramic-vase": ("A white vase with an olive branch", of(h.vase, p.CHALK)),
        "fen-ceramic-vase-iron": ("A dark vase with an olive branch", of(h.vase, p.BASALT)),
    },
)
scene(
    "home/hero",
    "A lit lamp, a vase with a branch and a bowl of pears",
    p.CREAM,
    Plinth(930, 840, 360, 220, p.SAND),
    Item(of(h.lamp, p.PINE, cable=False), 930, 640, 0.64),
    Item(of(h.vase, p.CHALK), 1240, 890, 0.66),
    Item(of(h.bowl, p.CHALK), 510, 920, 0.62),
)
scene(
    "home/story",
    "An oak board with bread, stoneware mugs and a vase",
    p.FERN,
    Item(of(h.board, p.OAK), 420, 850, 0.74),
    Item(of(h.vase, p.BASALT), 1240, 840, 0.78),
    Item(of(h.mugs, p.CHALK), 850, 920, 0.54),
)
scene(
    "home/collection-kitchen-and-table",
    "A carafe, a bowl of pears and a mug",
    p.CREAM,
    Item(of(h.carafe), 1110, 830, 0.76),
    Item(of(h.bowl, p.CHALK), 540, 900, 0.72),
)
scene(
    "home/collection-lighting-and-scent",
    "A lit table lamp and a burning candle",
    p.HONEY,
    Item(of(h.lamp, p.SAND), 640, 850, 0.84),
    Plinth(1180, 870, 300, 160, p.OCHRE),
    Item(of(h.candle, "#f3dfb6"), 1180, 720, 0.56),
)
scene(
    "home/collection-textiles-and-decor",
    "A folded throw, a cushion and a vase",
    p.FERN,
    Item(of(h.cushion, p.CLAY), 500, 820, 0.74),
    Item(of(h.vase, p.CHALK), 1310, 830, 0.74),
    Item(of(h.throw, p.OAT), 920, 910, 0.6),
)

# --- Beauty ----------------------------------------------------------------------------------------------

shots(
    "beauty",
    p.CREAM,
    {
        "daylight-vitamin-c-serum": ("An amber bottle with a dropper", of(b.dropper, p.AMBER)),
        "oat-cream-cleanser": ("A cream-coloured tube standing on its cap", of(b.tube, p.OAT)),
        "hedgerow-moisturiser": ("A glass jar with a metal lid and a small spatula", of(b.jar, "#9fae98")),
        "rainwater-face-mist": ("A pink glass bottle spraying a fine mist", of(b.mist, "#e3bdb6")),
    },
)
shots(
    "beauty",
    p.FERN,
    {
        "cedar-hand-wash": ("An amber pump bottle of hand wash", of(b.pump, p.AMBER)),
        "fig-body-oil": ("A clear bottle of golden oil with a wooden stopper", of(b.oil, "#d7b24f")),
    },
)
shots(
    "beauty",
    p.BLUSH,
    {
        "satin-lipstick": ("An open lipstick in brick red", of(b.lipstick, "#a5402f")),
        "satin-lipstick-rosewood": ("An open lipstick in rosewood", of(b.lipstick, "#b5626a")),
        "satin-lipstick-plum": ("An open lipstick in plum", of(b.lipstick, p.PLUM)),
        "flush-cheek-tint": ("An open compact with a peach tint and a mirror", of(b.compact, "#e58f72")),
        "flush-cheek-tint-berry": ("An open compact with a berry tint and a mirror", of(b.compact, p.BERRY)),
        "verso-eau-de-parfum": ("A square bottle of perfume", of(b.perfume, "#e2b47a")),
        "soft-cheek-brush": ("A domed brush with a wooden handle", of(b.brush, "#e58f72")),
    },
)
scene(
    "beauty/hero",
    "A serum, a moisturiser and a perfume on round blocks",
    p.BLUSH,
    Plinth(940, 830, 340, 280, p.ROSE),
    Plinth(1240, 880, 280, 150, p.SAND),
    Item(of(b.dropper, p.AMBER), 940, 560, 0.58),
    Item(of(b.perfume, "#e2b47a"), 1240, 740, 0.48),
    Item(of(b.jar, "#9fae98"), 590, 910, 0.58),
)
scene(
    "beauty/story",
    "A pump bottle, a tube and a jar in a row",
    p.FERN,
    Item(of(b.pump, p.AMBER), 470, 830, 0.74),
    Item(of(b.oil, "#d7b24f"), 1210, 830, 0.72),
    Item(of(b.tube, p.OAT), 850, 900, 0.68),
)
scene(
    "beauty/collection-skin-care",
    "A serum, a tube and a jar",
    p.CREAM,
    Item(of(b.tube, p.OAT), 470, 830, 0.76),
    Item(of(b.dropper, p.AMBER), 1180, 830, 0.74),
    Item(of(b.jar, "#9fae98"), 820, 910, 0.56),
)
scene(
    "beauty/collection-bath-and-body",
    "Hand wash and body oil",
    p.FERN,
    Item(of(b.pump, p.AMBER), 600, 850, 0.82),
    Item(of(b.oil, "#d7b24f"), 1050, 880, 0.76),
)
scene(
    "beauty/collection-colour-and-fragrance",
    "A perfume, a lipstick and a brush",
    p.BLUSH,
    Item(of(b.perfume, "#e2b47a"), 520, 840, 0.76),
    Plinth(1160, 860, 320, 160, light(p.ROSE, 0.3)),
    Item(of(b.brush, "#e58f72"), 1160, 710, 0.58),
    Item(of(b.lipstick, "#a5402f"), 870, 910, 0.52),
)

# --- General ---------------------------------------------------------------------------------------------

shots(
    "general",
    p.SKY,
    {
        "margin-notebook": ("A notebook with a dark green cover", of(g.notebook, p.PINE)),
        "margin-notebook-clay": ("A notebook with a clay cover", of(g.notebook, p.CLAY)),
        "margin-notebook-ink": ("A notebook with a dark blue cover", of(g.notebook, p.INK)),
        "ferrule-brass-pen": ("A six-sided brass pen", of(g.pen, p.BRASS)),
    },
    floor=False,
)
shots(
    "general",
    p.SKY,
    {"sunday-jigsaw-puzzle": ("A jigsaw puzzle of hills with four loose pieces", of(g.puzzle, p.BONE))},
)
shots(
    "general",
    p.FERN,
    {
        "wayside-bottle": ("An insulated bottle in moss green", of(g.bottle, p.MOSS)),
        "wayside-bottle-chalk": ("An insulated bottle in white", of(g.bottle, p.CHALK)),
        "wayside-bottle-ochre": ("An insulated bottle in ochre", of(g.bottle, p.OCHRE)),
        "commons-backpack": ("A canvas backpack in olive with leather straps", of(g.backpack, p.MOSS)),
        "commons-backpack-navy": ("A canvas backpack in navy with leather straps", of(g.backpack, p.NAVY)),
        "drizzle-umbrella": ("An open umbrella in ochre", of(g.umbrella, p.OCHRE)),
        "drizzle-umbrella-ink": ("An open umbrella in dark blue", of(g.umbrella, p.INK)),
        "meadow-picnic-blanket": ("A rolled checked blanket with leather straps", of(g.blanket, p.OAT)),
    },
)
shots(
    "general",
    p.HONEY,
    {
        "campfire-enamel-mug": (
            "A cream enamel mug with a dark blue rim",
            of(g.enamel_mug, "#f2e8d2", p.NAVY),
        ),
        "campfire-enamel-mug-lake": ("A blue enamel mug with a white rim", of(g.enamel_mug, p.LAKE, p.WHITE)),
        "windowsill-planter": ("A rubber fig in a terracotta pot", of(g.planter, p.TERRACOTTA)),
    },
)
scene(
    "general/hero",
    "A backpack, a bottle and a plant in a terracotta pot",
    p.HONEY,
    Item(of(g.backpack, p.MOSS), 910, 860, 0.74),
    Item(of(g.planter, p.TERRACOTTA), 1250, 890, 0.56),
    Plinth(490, 880, 340, 130, p.SAND),
    Item(of(g.enamel_mug, "#f2e8d2", p.NAVY), 490, 760, 0.42),
    Item(of(g.bottle, p.OCHRE), 680, 920, 0.5),
)
scene(
    "general/story",
    "A rolled blanket, an enamel mug and a bottle",
    p.FERN,
    Item(of(g.bottle, p.MOSS), 1230, 800, 0.72),
    Item(of(g.blanket, p.OAT), 640, 870, 0.8),
    Item(of(g.enamel_mug, "#f2e8d2", p.NAVY), 1030, 920, 0.4),
)
scene(
    "general/collection-desk-and-paper",
    "A jigsaw puzzle and a notebook",
    p.SKY,
    Item(of(g.puzzle, p.BONE), 580, 850, 0.74),
    Item(of(g.notebook, p.PINE), 1190, 790, 0.62),
)
scene(
    "general/collection-out-and-about",
    "A backpack, a bottle and an umbrella",
    p.FERN,
    Item(of(g.umbrella, p.OCHRE), 430, 850, 0.74),
    Item(of(g.backpack, p.NAVY), 960, 870, 0.76),
    Item(of(g.bottle, p.CHALK), 1330, 900, 0.6),
)
scene(
    "general/collection-home-and-gifts",
    "A plant in a terracotta pot and an enamel mug",
    p.HONEY,
    Item(of(g.planter, p.TERRACOTTA), 600, 880, 0.84),
    Plinth(1130, 850, 380, 170, p.SAND),
    Item(of(g.enamel_mug, p.LAKE, p.WHITE), 1130, 690, 0.48),
)
