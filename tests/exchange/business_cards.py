"""Business cards drawn in several layouts, as printers in Karachi lay them out."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

SIZE = (1050, 600)  # 3.5 x 2 inches


@dataclass(frozen=True)
class Line:
    """A text with its place and height in pixels."""

    text: str
    left: int
    top: int
    height: int = 28


@dataclass(frozen=True)
class Card:
    lines: tuple[Line, ...]
    says: dict[str, object]
    ink: str = "black"
    paper: str = "white"

    def drawn(self) -> Image.Image:
        picture = Image.new("RGB", SIZE, self.paper)
        draw = ImageDraw.Draw(picture)
        for line in self.lines:
            font = ImageFont.load_default(line.height)
            draw.text((line.left, line.top), line.text, fill=self.ink, font=font)
        return picture


CARDS = {
    "firm on top": Card(
        (
            Line("Nishat Mills Ltd", 60, 60, 52),
            Line("Sara Malik", 60, 200, 44),
            Line("Head of Procurement", 60, 262),
            Line("+92 300 1234567", 60, 400),
            Line("sara.malik@nishat.pk   www.nishat.pk", 60, 440),
            Line("12-B Main Boulevard, Gulberg III, Lahore", 60, 480),
        ),
        {
            "name": "Sara Malik", "title": "Head of Procurement", "company": "Nishat Mills Ltd",
            "phones": ["+923001234567"], "emails": ["sara.malik@nishat.pk"], "city": "Lahore",
            "website": "www.nishat.pk", "address": "12-B Main Boulevard, Gulberg III, Lahore",
        },
    ),
    "name in the middle, all large": Card(
        (
            Line("OMAR FAROOQ", 380, 150, 46),
            Line("Managing Director", 400, 215),
            Line("HALAL DAIRY (PVT) LTD", 330, 300, 36),
            Line("Plot 14, Sector 23, Korangi Industrial Area, Karachi 74900", 180, 400, 24),
            Line("Tel: 021-35061234   Cell: 0321-5550102   Fax: 021-35061235", 180, 440, 24),
            Line("Email: omar@halaldairy.example", 180, 480, 24),
        ),
        {
            "name": "Omar Farooq", "title": "Managing Director",
            "company": "HALAL DAIRY (PVT) LTD", "phones": ["+922135061234", "+923215550102"],
            "emails": ["omar@halaldairy.example"], "city": "Karachi",
        },
    ),
    "two columns": Card(
        (
            Line("Ayesha Khan", 60, 80, 44),
            Line("CEO", 60, 140),
            Line("Bilal Traders", 620, 80, 44),
            Line("Wholesale & Import", 620, 140, 24),
            Line("0300 555 0103", 60, 420),
            Line("042 3576 1234", 60, 460),
            Line("ayesha@bilaltraders.example", 60, 500),
            Line("Shop 7, Hall Road", 620, 440),
            Line("Lahore, Pakistan", 620, 480),
        ),
        {
            "name": "Ayesha Khan", "title": "CEO", "company": "Bilal Traders",
            "phones": ["+923005550103", "+924235761234"],
            "emails": ["ayesha@bilaltraders.example"], "city": "Lahore",
        },
    ),
    "white on blue, free mail": Card(
        (
            Line("Petal House", 60, 70, 56),
            Line("flowers for every day", 60, 140, 24),
            Line("Hina Javed", 640, 330, 40),
            Line("Owner", 640, 385),
            Line("M: 0333-5550104", 640, 430),
            Line("petalhouse.lhr@gmail.com", 640, 470),
            Line("Model Town, Lahore", 640, 510),
        ),
        {
            "name": "Hina Javed", "title": "Owner", "company": "Petal House",
            "phones": ["+923335550104"], "emails": ["petalhouse.lhr@gmail.com"], "city": "Lahore",
        },
        ink="white", paper="navy",
    ),
    "abroad": Card(
        (
            Line("Acme Analytics GmbH", 60, 60, 40),
            Line("Dr. Julia Weber", 60, 230, 40),
            Line("Senior Consultant", 60, 285),
            Line("Friedrichstrasse 20, 10117 Berlin, Germany", 60, 420),
            Line("T +49 30 12345678", 60, 460),
            Line("weber@acme-analytics.example", 60, 500),
        ),
        {
            "name": "Dr. Julia Weber", "title": "Senior Consultant",
            "company": "Acme Analytics GmbH", "phones": ["+493012345678"],
            "emails": ["weber@acme-analytics.example"], "city": "Berlin",
        },
    ),
    "title beside the name": Card(
        (
            Line("Bilal Ahmed, General Manager", 60, 100, 40),
            Line("Crescent Textile Mills", 60, 170, 32),
            Line("NTN 1234567-8", 60, 330, 22),
            Line("Off: (041) 8712345 / 0300-5550105", 60, 380),
            Line("bilal.ahmed@crescent.example", 60, 420),
            Line("Sargodha Road, Faisalabad", 60, 460),
        ),
        {
            "name": "Bilal Ahmed", "title": "General Manager", "company": "Crescent Textile Mills",
            "phones": ["+92418712345", "+923005550105"],
            "emails": ["bilal.ahmed@crescent.example"], "city": "Faisalabad",
        },
    ),
}  # fmt: skip
