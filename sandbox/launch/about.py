"""What each source of findings judges, and what a person does about a finding of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from product_factory.rules.judge import Said
from product_factory.rules.rule import Rule


@dataclass(frozen=True)
class About:
    """One thing that is judged, as reports explain it.

    title, help  in Chinese and English
    law          the short name of the rule of law, and reference: document and article
    """

    title: Said
    help: Said
    law: str = ""
    reference: str = ""


WAIVE = Said(
    "修改产品；或在 waivers.yaml 中写明规则、理由、角色和期限予以豁免。",
    "Mend the product, or waive the rule in waivers.yaml with reason, role and last day.",
)
SOURCES: Mapping[str, About] = MappingProxyType(
    {
        "input": About(
            Said("文件可读", "The files can be read"),
            Said(
                "按所指位置修改文件；covercast schema 导出的 JSON Schema 可让编辑器即时提示。",
                "Mend the file at the place that is named; with the schemas of "
                "`covercast schema` an editor says the same while you type.",
            ),
        ),
        "table": About(
            Said("费率表与输入一致", "Rate tables are those of their inputs"),
            Said(
                "运行 covercast build 产品名，并核对变动的费率。",
                "Run `covercast build PRODUCT` and look at the rates that move.",
            ),
        ),
        "quote": About(
            Said("手工核算的报价相符", "Quotes worked by hand agree"),
            Said(
                "改动有误则更正；改动有意则重新手工核算并写明来源。",
                "Undo the change, or work the quote anew by hand and state its source.",
            ),
        ),
        "claim": About(
            Said("手工核算的赔案相符", "Claims worked by hand agree"),
            Said(
                "改动有误则更正；改动有意则重新手工核算并写明过程。",
                "Undo the change, or work the claim anew by hand and state its working.",
            ),
        ),
        "offer": About(
            Said("可选项均有费率，费率均有可选项", "What is offered has its rates, and no other"),
            Said(
                "补上所缺的费率，或不再提供该选项；删去无人可选的费率；更正方向相反的费率；"
                "或在 waivers.yaml 中以 offer/名称 豁免。",
                "Add the rate that is missing or offer it no more; drop rates that nobody can "
                "choose; mend a rate that goes the wrong way; or waive offer/NAME in waivers.yaml.",
            ),
        ),
        "decision": About(
            Said("承保、转核与拒保均起作用", "Every decision decides"),
            Said(
                "更正条件，或删去从不起作用的一项；中英文理由均须写明；"
                "或在 waivers.yaml 中以 decision/名称 豁免。",
                "Mend the condition, or drop what never decides; say the reason in both languages; "
                "or waive decision/NAME in waivers.yaml.",
            ),
        ),
        "rounding": About(
            Said("取整对任何金额都精确", "Rounding is exact for every amount"),
            Said(
                "将金额取整到 0.001 或更大的单位。",
                "Round money to 0.001 or more.",
            ),
        ),
        "overlay": About(
            Said("附加层可用", "Overlays can be laid over the product"),
            Said(
                "修改附加层；covercast check 产品名+附加层名 给出全部检查结果。",
                "Mend the overlay; `covercast check PRODUCT+OVERLAY` checks the whole with it.",
            ),
        ),
        "gate": About(
            Said("上市门槛已设定", "Gates are stated"),
            Said("在 gates.yaml 中写明至少一个门槛。", "State at least one gate in gates.yaml."),
        ),
        "lock": About(
            Said("与锁定文件一致", "What was locked stands"),
            Said(
                "改动有误则更正；改动有意则提高版本号并运行 covercast lock 产品名。",
                "Undo the change, or raise the version and run `covercast lock PRODUCT`.",
            ),
        ),
        "rule": About(Said("规则", "Rule"), WAIVE),
    }
)


def about_rule(rule: Rule) -> About:
    """Explain a rule: its title, its law, and what it asks for."""
    reference = f"{rule.law}; {rule.reference}"
    zh, en = ("来源有待核实。", " Its source is to be confirmed.") if rule.verify else ("", "")
    told = Said(f"依据：{reference}。{zh}{WAIVE.zh}", f"Source: {reference}.{en} {WAIVE.en}")
    return About(Said(rule.title.zh, rule.title.en), told, rule.law, rule.reference)
