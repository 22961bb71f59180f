"""Products for the tests of the words, written for them."""

from decimal import Decimal

from scripts_gen.facts import ProductFacts, Spec

MASK = ProductFacts(
    title="白茶补水面膜",
    brand="溪亭",
    category="美妆护肤>面膜",
    price=Decimal("59"),
    list_price=Decimal("99"),
    specs=(
        Spec(name="净含量", value="25ml×10片/盒"),
        Spec(name="膜布", value="天丝材质"),
        Spec(name="用法", value="洁面后敷15分钟，每周2-3次"),
        Spec(name="保质期", value="3年"),
        Spec(name="产地", value="浙江湖州"),
    ),
    selling_points=("保湿补水", "膜布轻薄服帖"),
    audience=("干性和混合性肤质",),
    promotions=("拍2盒送旅行装洁面1支",),
    service=("七天无理由退货（未拆封）", "全国包邮，新疆西藏除外"),
    variants=("白茶", "绿茶"),
)
JACKET = ProductFacts(
    title="三合一冲锋衣",
    brand="岭上",
    category="运动户外>冲锋衣",
    price=Decimal("329"),
    list_price=Decimal("499"),
    specs=(
        Spec(name="外层", value="100%聚酯纤维"),
        Spec(name="防水指数", value="8000mm"),
        Spec(name="S码", value="155-162 / 90-110斤"),
        Spec(name="M码", value="163-168 / 111-130斤"),
        Spec(name="L码", value="169-174 / 131-150斤"),
        Spec(name="洗护", value="不可干洗，不可熨烫"),
    ),
    selling_points=("可拆卸抓绒内胆", "腋下透气拉链"),
    audience=("男女同款",),
    promotions=("晒图返10元",),
    service=("支持7天无理由", "赠运费险", "48小时内发货"),
    variants=("曜石黑", "苔绿"),
)
MUG = ProductFacts(
    title="Harbour Stoneware Mug",
    brand="Harbour",
    category="home>kitchen",
    price=Decimal("14.5"),
    list_price=Decimal("19"),
    currency="USD",
    specs=(
        Spec(name="Volume", value="350 ml"),
        Spec(name="Material", value="stoneware with a matte glaze"),
        Spec(name="Care", value="dishwasher safe, not for the microwave"),
        Spec(name="Made in", value="Portugal"),
    ),
    selling_points=("wide handle", "stacks neatly"),
    audience=("ages 8 and up",),
    promotions=("buy 4 and save 10%",),
    service=("30-day returns if unused", "ships in 2 days within the US"),
    variants=("sand", "slate"),
)
ALL = ((MASK, "zh"), (JACKET, "zh"), (MUG, "en"))
