from dataclasses import dataclass


@dataclass
class Item:
    name: str
    count: int


def low_stock(items, limit=5):
    return [item.name for item in items if item.count < limit]
