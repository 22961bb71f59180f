# ruff: noqa: E501 - fixture rows are easier to compare on one line
"""Small sheets of our own, written as the systems write theirs."""

import csv
import io
import zipfile
from collections.abc import Sequence

from app.catalogue.imports.goods import Choices, Good, goods_in
from app.catalogue.imports.mapping import Columns, propose
from app.catalogue.imports.parse import table_in
from app.catalogue.imports.table import Table
from tests.catalogue.imports import TODAY

SHOPIFY = (
    ("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Option1 Name", "Option1 Value", "Variant SKU",
     "Variant Inventory Qty", "Variant Price", "Variant Compare At Price", "Image Src"),
    ("pine-lamp", "Pine Lamp", "<p>Warm light &amp; quiet.</p><script>alert(1)</script>", "Hill Works", "Lamps", "Size", "Small", "PL-S", "4", "39.00", "49.00", "https://shop.example/lamp.jpg"),
    ("pine-lamp", "", "", "", "", "", "Large", "PL-L", "6", "59.00", "", ""),
    ("oak-tray", "Oak Tray", "A tray.", "Hill Works", "Kitchen", "Title", "Default Title", "OT-1", "9", "25.00", "", ""),
)  # fmt: skip
SHOPIFY_2026 = (
    ("Title", "URL handle", "Description", "Vendor", "SKU", "Option1 name", "Option1 value", "Inventory quantity", "Price", "Compare-at price"),
    ("Pine Lamp", "pine-lamp", "Warm light.", "Hill Works", "PL-S", "Size", "Small", "4", "39.00", "49.00"),
    ("", "pine-lamp", "", "", "PL-L", "", "Large", "6", "59.00", ""),
)  # fmt: skip
WOO = (
    ("ID", "Type", "SKU", "Name", "Published", "Short description", "Sale price", "Regular price", "Date sale price ends", "Categories", "Parent", "Attribute 1 name", "Attribute 1 value(s)", "Stock"),
    ("7", "variable", "scarf", "Wool Scarf", "1", "Soft.", "", "", "", "Wear > Scarves, New", "", "Colour", "Red, Blue", ""),
    ("8", "variation", "scarf-red", "Wool Scarf - Red", "1", "", "", "30", "", "", "id:7", "Colour", "Red", "3"),
    ("9", "variation", "scarf-blue", "Wool Scarf - Blue", "1", "", "", "30", "", "", "scarf", "Colour", "Blue", "5"),
    ("10", "simple", "cap", "Wool Cap", "1", "Warm.", "12", "15", "2020-01-01", "Wear > Caps", "", "", "", "8"),
    ("11", "simple", "sock", "Wool Socks", "1", "Warm.", "5", "6", "2099-01-01", "Wear", "", "", "", "8"),
    ("12", "variation", "lost", "Lost - One", "1", "", "", "9", "", "", "id:99", "Colour", "Grey", "1"),
)  # fmt: skip
BIGCOMMERCE = (
    ("Item Type", "Product Name", "Product Code/SKU", "Brand Name", "Product Description", "Price", "Sale Price", "Category", "Current Stock Level", "Track Inventory"),
    ("Product", "Tea Pot", "TP", "Kilnside", "Round.", "40", "0", "Kitchen/Tea;New", "5", "by product"),
    ("SKU", "[S]Colour=Green", "TP-G", "", "", "", "", "", "2", ""),
    ("Product", "Tea Cup", "TC", "Kilnside", "Small.", "9", "7", "Kitchen", "50", "by product"),
)  # fmt: skip
MAGENTO = (
    ("sku", "product_type", "name", "description", "price", "special_price", "qty", "categories", "attribute_set_code", "configurable_variations"),
    ("boot-8", "simple", "Boot 8", "", "80", "", "3", "", "Default", ""),
    ("boot-9", "simple", "Boot 9", "", "80", "", "4", "", "Default", ""),
    ("boot", "configurable", "Leather Boot", "Strong.", "", "", "", "Default Category/Shoes", "Default", "sku=boot-8,size=8|sku=boot-9,size=9"),
)  # fmt: skip
TAOBAO = (
    ("version 1.00",),
    ("title", "cid", "price", "num", "description", "picture", "outer_id", "subtitle"),
    ("宝贝名称", "宝贝类目", "宝贝价格", "宝贝数量", "宝贝描述", "新图片", "商家编码", "宝贝卖点"),
    ("竹编收纳筐 大号", "162201", "45.00", "100", "<p>手工竹编</p>", "a1b2:1:0:|;", "ZK-1", "手工编织；可折叠"),
    ("竹编果盘", "162201", "28.50", "60", "<p>圆口</p>", "c3d4:1:0:|;", "ZK-2", ""),
)  # fmt: skip
FREE = (
    ("秋季选品表", "", "", "", "", "", ""),
    ("品名", "货号", "直播价", "原价", "库存", "材质", "成本价"),
    ("亚麻桌布 1.4米", "ZB-14", "￥８９．００", "129", "40 件", "亚麻", "31"),
    ("棉麻抱枕", "BZ-2", "39", "59", "abc", "棉麻", "12"),
    ("旧款挂毯", "GT-9", "面议", "", "3", "羊毛", "20"),
)  # fmt: skip


def as_csv(rows: Sequence[Sequence[object]], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """The rows as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[object]], *, merged: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    """The rows as a small workbook; `extra` are more files inside."""
    body = "".join(
        f'<row r="{n}">' + "".join(_cell(n, column, value) for column, value in enumerate(row)) + "</row>"
        for n, row in enumerate(rows, 1)
    )
    merge = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    return as_archive(f"<sheetData>{body}</sheetData>{merge}", extra)


def as_archive(inside: str, extra: dict[str, bytes] | None = None) -> bytes:
    """A workbook whose only sheet has this inside."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="Goods" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{inside}</worksheet>',
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
        for name, raw in (extra or {}).items():
            archive.writestr(name, raw)
    return out.getvalue()


def _cell(row: int, column: int, value: object) -> str:
    place = f"{chr(65 + column)}{row}"
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = str(value).replace("&", "&amp;").replace("<", "&lt;")
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>' if text else ""


def read(raw: bytes, name: str = "goods.csv", basis: str = "platform_price") -> tuple[Table, Columns, list[Good]]:
    """The file as table, columns and goods."""
    table = table_in(raw, name)
    columns = propose(table)
    return table, columns, list(goods_in(table, columns, Choices(currency="CNY", basis=basis, today=TODAY)))
