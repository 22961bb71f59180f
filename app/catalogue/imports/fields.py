"""What a column can be, and the names people give it.

Names are compared folded: NFKC, case, blanks and punctuation dropped, a bracketed unit left out.
"""

import re
import unicodedata
from collections.abc import Mapping

IGNORED = ""
SINGLE = (
    "title", "sku", "brand", "category", "price", "sale_price", "list_price", "currency", "stock",
    "group", "kind", "parent", "children", "sale_from", "sale_until", "visibility",
    "option1_name", "option1", "option2_name", "option2", "option3_name", "option3",
)  # fmt: skip
MANY = ("description", "selling_points", "audience", "promotions", "service", "variants", "specs", "picture")
FIELDS = (*SINGLE, *MANY)
OFFERED = (
    "title", "sku", "price", "sale_price", "list_price", "currency", "stock", "brand", "category", "description",
    "selling_points", "audience", "promotions", "service", "variants", "specs", "picture", "group",
    "option1_name", "option1", "option2_name", "option2", "option3_name", "option3",
    "kind", "parent", "children", "sale_from", "sale_until", "visibility",
)  # fmt: skip
"""In the order of the choosers on the page."""

ALIASES: Mapping[str, tuple[str, ...]] = {
    "title": (
        "商品标题", "商品名称", "商品名", "宝贝名称", "宝贝标题", "产品名称", "产品名", "品名", "标题", "名称",
        "货品名称", "商品全称", "商品", "产品", "名字", "title", "name", "product name", "product title", "product",
        "item name", "item title", "item", "goods name", "商品標題", "商品名稱", "產品名稱", "品項",
    ),
    "sku": (
        "sku", "商家编码", "商品编码", "货号", "商品货号", "款号", "编码", "编号", "商品编号", "商品id", "产品编号",
        "条码", "商品条码", "sku编码", "skuid", "商家sku", "规格编码", "sku code", "item number", "item no",
        "article number", "product code", "product id", "product sku", "id", "code", "商品編號", "貨號", "outer id",
        "item id", "variant sku", "variant.sku", "barcode",
    ),
    "brand": (
        "品牌", "品牌名", "品牌名称", "brand", "brand name", "vendor", "manufacturer", "厂商", "品牌名稱",
    ),
    "category": (
        "类目", "分类", "商品类目", "商品分类", "商品一级类目", "一级类目", "品类", "类别", "宝贝类目", "商品类别",
        "產品分類", "分類", "category", "categories", "type", "product type", "product category", "department",
    ),
    "price": (
        "直播价", "直播间价", "直播间到手价", "到手价", "券后价", "活动价", "促销价", "秒杀价", "折后价", "优惠价",
        "特价", "现价", "商品现价", "售价", "销售价", "零售价", "价格", "商品价格", "宝贝价格", "单价", "一口价",
        "商品最低价格", "最低价格", "最低价", "价钱", "定价", "售價", "價格", "價錢", "live price", "our price",
        "selling price", "price", "unit price", "product price", "variant price", "variant.price", "current price",
        "min price", "lowest price",
    ),
    "sale_price": (
        "sale price", "special price", "discount price", "discounted price", "promo price",
    ),
    "list_price": (
        "原价", "商品原价", "划线价", "市场价", "吊牌价", "建议零售价", "官方指导价", "指导价", "专柜价", "标价",
        "牌价", "日常价", "原價", "市價", "list price", "compare at price", "compare-at price", "original price",
        "msrp", "rrp", "retail price", "was price", "variant compare at price",
    ),
    "currency": (
        "币种", "货币", "幣別", "currency", "currency code",
    ),
    "stock": (
        "库存", "库存数量", "库存量", "商品库存", "现货", "数量", "宝贝数量", "可售库存", "剩余库存", "庫存", "件数",
        "stock", "inventory", "quantity", "qty", "inventory quantity", "stock quantity", "available",
        "in stock quantity", "units", "variant inventory qty", "inventory qty",
    ),
    "description": (
        "商品详情", "详情", "商品描述", "描述", "宝贝描述", "产品描述", "详细介绍", "商品介绍", "介绍", "简介",
        "说明", "商品说明", "图文详情", "文案", "描述文案", "description", "details", "product description",
        "short description", "body", "body html", "summary", "about", "商品描述文案", "內容", "商品敘述",
    ),
    "selling_points": (
        "卖点", "商品卖点", "宝贝卖点", "核心卖点", "产品卖点", "亮点", "特点", "优势", "产品特点", "賣點", "特色",
        "selling points", "selling point", "features", "highlights", "key features", "bullet points", "benefits",
    ),
    "audience": (
        "适用人群", "人群", "适合人群", "目标人群", "适用对象", "適用對象", "audience", "for whom", "suitable for",
        "target audience", "ideal for",
    ),
    "promotions": (
        "促销", "优惠", "活动", "促销活动", "优惠活动", "满减", "优惠券", "优惠信息", "赠品", "折扣", "直播福利",
        "機制", "机制", "promotion", "promotions", "offer", "offers", "deal", "coupon", "gift",
    ),
    "service": (
        "服务", "售后", "售后服务", "服务承诺", "退换货", "退换货承诺", "保障", "质保", "保修", "发货", "发货时间",
        "物流", "service", "warranty", "returns", "shipping", "guarantee", "after sales",
    ),
    "variants": (
        "规格", "sku规格", "款式", "颜色", "颜色分类", "尺码", "尺寸规格", "口味", "可选规格", "套餐", "規格", "顏色",
        "尺碼", "variants", "variant", "options", "color", "colour", "colors", "size", "sizes", "flavour", "flavor",
        "style",
    ),
    "picture": (
        "图片", "主图", "商品主图", "商品图片", "商品图片链接", "图片链接", "主图链接", "新图片", "实拍图", "圖片",
        "照片", "image", "images", "picture", "pictures", "photo", "image src", "image url", "image link",
        "main image", "thumbnail", "product image url", "image_link", "featured image",
    ),
    "group": (
        "handle", "url handle", "item group id", "spu", "spuid", "商品spu", "spu编码", "款式编码", "#",
    ),
    "option1_name": (
        "option1 name",
    ),
    "option1": (
        "option1 value", "option1",
    ),
    "option2_name": (
        "option2 name",
    ),
    "option2": (
        "option2 value", "option2",
    ),
    "option3_name": (
        "option3 name",
    ),
    "option3": (
        "option3 value", "option3",
    ),
    "specs": (
        "材质", "面料", "成分", "产地", "原产地", "净含量", "重量", "毛重", "净重", "尺寸", "型号", "保质期",
        "生产日期", "容量", "功率", "电压", "配料", "配料表", "生产许可证号", "执行标准", "包装", "包装规格",
        "存储方式", "贮存条件", "适用季节", "厚度", "长度", "宽度", "高度", "直径", "香型", "肤质", "适用肤质",
        "功效", "上市时间", "含量", "材質", "產地", "重量g", "重量kg", "material", "fabric", "ingredients", "origin",
        "country of origin", "made in", "net weight", "weight", "net content", "dimensions", "length", "width",
        "height", "model", "model number", "capacity", "power", "voltage", "shelf life", "battery", "rom", "ram",
        "storage", "screen", "resolution", "certification", "season", "care", "scent", "weight kg", "length cm",
        "width cm", "height cm", "warranty period", "pack size", "净含量规格",
    ),
}  # fmt: skip

PRIVATE = re.compile(
    r"成本|进价|进货|采购|供货|供应商|底价|佣金|收入比率|提成|毛利|利润|备注|店铺|卖家|旺旺|达人|销量|月销|购买人数|付款|评论|评分|"
    r"评价|好评|地点|发货地|网址|链接|联系|电话|微信|更新时间|上架时间|状态|"
    r"cost|supplier|commission|margin|profit|note|remark|shop|seller|store|sold|sales|review|rating|comment|link|url|"
    r"phone|status|created|updated|seo|meta|tax|published|position",
    re.IGNORECASE,
)
"""Names of columns that the host must not speak from unless the merchant says so."""

MSRP_NAMES = re.compile(r"建议零售价|官方指导价|指导价|吊牌价|msrp|rrp", re.IGNORECASE)


def folded(name: str) -> str:
    """A column's name as it is compared."""
    name = unicodedata.normalize("NFKC", name).casefold()
    name = (
        re.sub(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】", " ", name) if not name.strip().startswith(("(", "[", "【")) else name
    )
    return re.sub(r"[\s_\-–—·.:：、/*\"'“”()\[\]【】?？]+", "", name)


NAMES: Mapping[str, tuple[str, int]] = {
    **{
        folded(alias): (field, rank)
        for field, aliases in reversed(list(ALIASES.items()))
        for rank, alias in reversed(list(enumerate(aliases)))
    },
    "#": ("group", 0),
}
"""Folded name → its field, and how good a name for it (0 is best)."""
