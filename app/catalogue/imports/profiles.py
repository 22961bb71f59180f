"""The export files of shop systems: how one is known, what its columns mean, how its rows hang together.

Column names are facts about those systems (their public help pages, 2026); the rules here are ours.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from app.catalogue.imports.fields import folded

Layout = Literal["flat", "grouped", "parents", "sections", "magento"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A shop system's export: `needed` names must all be there, and one of `telling`."""

    name: str
    label: str
    layout: Layout
    needed: frozenset[str]
    telling: frozenset[str]
    columns: Mapping[str, str]


def _profile(
    name: str, label: str, layout: Layout, needed: Collection[str], telling: Collection[str], columns: Mapping[str, str]
) -> Profile:
    return Profile(
        name=name,
        label=label,
        layout=layout,
        needed=frozenset(map(folded, needed)),
        telling=frozenset(map(folded, telling)),
        columns={folded(column): field for field, names in columns.items() for column in names.split("|")},
    )


SHOPIFY_OPTIONS = {f"option{n}": f"Option{n} Value" for n in (1, 2, 3)} | {
    f"option{n}_name": f"Option{n} Name" for n in (1, 2, 3)
}
WOO_OPTIONS = {f"option{n}": f"Attribute {n} value(s)" for n in (1, 2, 3)} | {
    f"option{n}_name": f"Attribute {n} name" for n in (1, 2, 3)
}
SHOPIFY = {
    "title": "Title",
    "description": "Body (HTML)|Description",
    "brand": "Vendor",
    "category": "Type|Product Category",
    "sku": "Variant SKU|SKU",
    "price": "Variant Price|Price",
    "list_price": "Variant Compare At Price|Compare-at price",
    "stock": "Variant Inventory Qty|Inventory quantity",
    "picture": "Image Src|Product image URL|Variant Image|Variant image URL",
    "visibility": "Status",
    **SHOPIFY_OPTIONS,
}

PROFILES = (
    _profile(
        "shopify", "Shopify", "grouped", ("Handle", "Title"),
        ("Variant Price", "Variant SKU", "Option1 Name", "Body (HTML)"),
        {"group": "Handle", **SHOPIFY},
    ),
    _profile(
        "shopify", "Shopify", "grouped", ("URL handle", "Title"), ("Option1 name", "Inventory quantity", "Price"),
        {"group": "URL handle", **SHOPIFY},
    ),
    _profile(
        "woocommerce", "WooCommerce", "parents", ("Type", "Name", "SKU"),
        ("Regular price", "Is featured?", "Visibility in catalog", "In stock?", "Attribute 1 name"),
        {
            "kind": "Type", "group": "ID",
            "title": "Name", "sku": "SKU", "description": "Description|Short description",
            "price": "Regular price", "sale_price": "Sale price", "sale_from": "Date sale price starts",
            "sale_until": "Date sale price ends", "stock": "Stock", "category": "Categories", "picture": "Images",
            "parent": "Parent", "brand": "Brands", "specs": "Weight (kg)|Length (cm)|Width (cm)|Height (cm)",
            "visibility": "Published", **WOO_OPTIONS,
        },
    ),
    _profile(
        "bigcommerce", "BigCommerce", "sections", ("Item Type", "Product Name"),
        ("Product Code/SKU", "Product Description", "Track Inventory"),
        {
            "kind": "Item Type", "title": "Product Name",
            "sku": "Product Code/SKU", "description": "Product Description",
            "price": "Price", "sale_price": "Sale Price", "list_price": "Retail Price", "brand": "Brand Name",
            "category": "Category",
            "stock": "Current Stock Level", "specs": "Product Weight|Product Width|Product Height",
            "picture": "Product Image File - 1|Product Image File|Product Image URL - 1",
            "visibility": "Product Visible?",
        },
    ),
    _profile(
        "magento", "Magento", "magento", ("sku", "product_type"), ("attribute_set_code", "url_key", "product_websites"),
        {
            "kind": "product_type", "sku": "sku", "title": "name", "description": "description|short_description",
            "price": "price", "sale_price": "special_price", "sale_from": "special_price_from_date",
            "sale_until": "special_price_to_date", "stock": "qty", "category": "categories", "picture": "base_image",
            "children": "configurable_variations", "visibility": "visibility", "list_price": "msrp_price",
            "brand": "manufacturer", "specs": "weight",
        },
    ),
    _profile(
        "taobao", "淘宝助理", "flat", ("宝贝名称", "宝贝价格"), ("宝贝类目", "宝贝描述", "商家编码"),
        {
            "title": "宝贝名称", "price": "宝贝价格", "stock": "宝贝数量", "description": "宝贝描述", "sku": "商家编码",
            "selling_points": "宝贝卖点", "picture": "新图片",
        },
    ),
)  # fmt: skip


def profile_of(header: Collection[str]) -> Profile | None:
    """The shop system whose export has these column names."""
    names = {folded(name) for name in header}
    for profile in PROFILES:
        if profile.needed <= names and profile.telling & names:
            return profile
    return None
