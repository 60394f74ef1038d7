"""A chart as a picture."""

from __future__ import annotations

from bot.pictures import forecast, funnel, leaders, pace, riskmap, trend
from bot.pictures.sheet import Sheet
from handlers.reply import Chart

KINDS = {
    "funnel": funnel.draw,
    "trend": trend.draw,
    "forecast": forecast.draw,
    "leaders": leaders.draw,
    "pace": pace.draw,
    "map": riskmap.draw,
}


def sheet_of(chart: Chart, *, rtl: bool) -> Sheet:
    return KINDS[chart.kind](chart, rtl=rtl)


def png(chart: Chart, *, rtl: bool) -> bytes:
    """The chart as a PNG, 900 pixels wide."""
    return sheet_of(chart, rtl=rtl).png()
