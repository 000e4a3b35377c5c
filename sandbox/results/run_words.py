"""The words of the report of a simulation."""

from collections.abc import Mapping

Words = Mapping[str, Mapping[str, str]]

WORDS: Words = {
    "title": {"zh": "{title}：模拟报告", "en": "{title}: a simulation"},
    "size_annual": {
        "zh": "模拟 {years} 年，随机种子 {seed}，精算基础 {basis}，情景 {scenario}，日期 {on}。",
        "en": "{years} simulated years, seed {seed}, basis {basis}, scenario {scenario}, on {on}.",
    },
    "size_cohort": {
        "zh": "模拟 {years} 次全期，随机种子 {seed}，精算基础 {basis}，情景 {scenario}，"
        "日期 {on}。金额为当日的现值，合同于当日承保或已生效。",
        "en": "{years} simulated run-offs, seed {seed}, basis {basis}, scenario {scenario}, on "
        "{on}. Amounts are present values on that day, on which contracts are issued or in force.",
    },
    "horizon": {
        "zh": "每行合计 {horizon} 年。",
        "en": "Each row is {horizon} years together.",
    },
    "none": {"zh": "无", "en": "none"},
    "portfolio": {"zh": "保单组合：{portfolio}。", "en": "Portfolio: {portfolio}."},
    "money": {"zh": "金额单位：{currency}。", "en": "Amounts are in {currency}."},
    "figures": {"zh": "主要指标", "en": "Figures"},
    "figures_say": {
        "zh": "误差为蒙特卡洛标准误，区间为 95%。",
        "en": "Errors are Monte Carlo standard errors, intervals are of 95%.",
    },
    "doubtful": {
        "zh": "带 * 的误差不可信：支撑它的模拟行太少，增加模拟年数方可判断。",
        "en": "An error with * is not to be trusted: too few rows bear it out; more years would.",
    },
    "reductions": {"zh": "抽样方法降低的方差", "en": "What the sampling brings"},
    "reductions_say": {
        "zh": "抽样方法 {sampling}：独立抽取同样多年份的方差，除以由独立重复得出的方差，括号内为 "
        "95% 区间。小于 1 则不如逐年独立抽取。同一数值的各项指标合为一行；误差不可信时不作判断。",
        "en": "Sampling {sampling}: the variance of as many independent years over that by "
        "replicates, with its 95% interval. Below 1 it is worse than plain. Measures that are one "
        "number share a row; where an error is not to be trusted, there is no verdict.",
    },
    "reduction": {"zh": "方差之比（95% 区间）", "en": "ratio of variances (95% interval)"},
    "shown": {"zh": "判断", "en": "verdict"},
    "better": {"zh": "降低", "en": "better"},
    "open": {"zh": "未见差别", "en": "not shown"},
    "worse": {"zh": "更差", "en": "worse"},
    "untrusted": {"zh": "* 误差不可信", "en": "* not trusted"},
    "all": {"zh": "全部", "en": "all"},
    "figure": {"zh": "指标", "en": "figure"},
    "measure": {"zh": "度量", "en": "measure"},
    "value": {"zh": "数值", "en": "value"},
    "error": {"zh": "标准误", "en": "error"},
    "interval": {"zh": "95% 区间", "en": "95% interval"},
    "unknown": {"zh": "未知", "en": "unknown"},
    "distribution": {"zh": "赔付率的分布", "en": "Distribution of claims over premium"},
    "exceedance": {"zh": "超越概率", "en": "Exceedance"},
    "exceedance_says": {
        "zh": "平均每若干年超过一次的金额。",
        "en": "What is exceeded once in so many years.",
    },
    "period": {"zh": "重现期（年）", "en": "return period, years"},
    "covers": {"zh": "按保障责任", "en": "By cover"},
    "cover": {"zh": "保障责任", "en": "cover"},
    "mean": {"zh": "均值", "en": "mean"},
    "share": {"zh": "占比", "en": "of all"},
    "deviation": {"zh": "标准差", "en": "standard deviation"},
    "paid": {"zh": "有赔付的比例", "en": "rows with claims"},
    "part": {"zh": "分摊的尾部风险价值 99%", "en": "part of tail value at risk 99%"},
    "allocation_says": {
        "zh": "分摊按欧拉法：各责任在最差 1% 的行中的均值，合计即为整体。",
        "en": "Parts are by Euler's rule: the mean of a cover in the worst 1% of rows; together "
        "they are the whole.",
    },
    "together": {"zh": "合计", "en": "together"},
    "worst": {"zh": "最差的 {count} 行", "en": "The {count} worst rows"},
    "row": {"zh": "行（years.parquet）", "en": "row of years.parquet"},
    "total": {"zh": "赔付合计", "en": "all claims"},
    "ratio": {"zh": "赔付率", "en": "over premium"},
    "quantile": {"zh": "不超过的比例", "en": "share of rows up to"},
    "segments": {"zh": "按细分：{by}", "en": "Segments by {by}"},
    "segment": {"zh": "细分", "en": "segment"},
    "premium": {"zh": "保费", "en": "premium"},
    "claims": {"zh": "赔付", "en": "claims"},
    "reinsurance": {"zh": "再保险", "en": "Reinsurance"},
    "contract": {"zh": "合同", "en": "contract"},
    "recovered": {"zh": "摊回赔款", "en": "recovered"},
    "reinstatements": {"zh": "复效保费", "en": "reinstatements"},
    "commission": {"zh": "分保手续费", "en": "commission"},
    "balance": {"zh": "再保净成本", "en": "net cost"},
    "reinsurance_says": {
        "zh": "每年均值；净成本为保费加复效保费，减摊回赔款与手续费。",
        "en": "Means of a year; net cost is premium and reinstatements less what is recovered and "
        "commission.",
    },
    "reinsurance_says_cohort": {
        "zh": "每次全期现值的均值；净成本为保费，减摊回赔款与手续费。",
        "en": "Means of the present values of a run-off; net cost is premium less what is "
        "recovered and commission.",
    },
    "dependence": {"zh": "相依与分散效应", "en": "Dependence and diversification"},
    "convergence": {"zh": "收敛", "en": "Convergence"},
    "made": {"zh": "如何得出", "en": "How it was made"},
    "made_says": {
        "zh": "covercast rerun manifest.json 重新模拟并逐字节核对下列数据文件。",
        "en": "covercast rerun manifest.json simulates it again and proves every byte of these "
        "files.",
    },
    "input": {"zh": "输入", "en": "input"},
    "file": {"zh": "数据文件", "en": "data file"},
    "command": {"zh": "命令（在结果文件夹中运行）", "en": "command, in the folder of the results"},
}

FIGURES: Words = {
    "claims": {"zh": "赔付", "en": "claims"},
    "claims_over_premium": {"zh": "赔付率", "en": "claims over premium"},
    "combined_ratio": {"zh": "综合成本率", "en": "combined ratio"},
    "largest_claim": {"zh": "最大单笔赔款", "en": "largest claim"},
    "largest_event": {"zh": "单次最大事故", "en": "largest event"},
    "net_claims": {"zh": "再保后赔付", "en": "net claims"},
    "net_claims_over_premium": {"zh": "再保后赔付率", "en": "net claims over premium"},
    "net_combined_ratio": {"zh": "再保后综合成本率", "en": "net combined ratio"},
    "net_new_business_value": {"zh": "再保后新业务价值", "en": "net new business value"},
    "net_profit": {"zh": "再保后利润", "en": "net profit"},
    "new_business_value": {"zh": "新业务价值", "en": "new business value"},
    "profit": {"zh": "利润", "en": "profit"},
    "profit_margin": {"zh": "利润率", "en": "profit margin"},
}
"""Every figure that a gate may name."""
NET = {"zh": "再保后", "en": "net "}
MEASURES: Words = {
    "exceedance": {"zh": "超越概率点", "en": "exceedance"},
    "expectile": {"zh": "期望分位", "en": "expectile"},
    "mean": {"zh": "均值", "en": "mean"},
    "proportional_hazard": {"zh": "比例风险变换", "en": "proportional hazard"},
    "return_on_capital": {"zh": "资本回报率", "en": "return on capital"},
    "ruin": {"zh": "破产概率", "en": "ruin"},
    "skewness": {"zh": "偏度", "en": "skewness"},
    "standard_deviation": {"zh": "标准差", "en": "standard deviation"},
    "tail_value_at_risk": {"zh": "尾部风险价值", "en": "tail value at risk"},
    "time_to_ruin": {"zh": "破产的平均年数", "en": "time to ruin, years"},
    "value_at_risk": {"zh": "风险价值", "en": "value at risk"},
    "wang": {"zh": "王变换", "en": "Wang transform"},
}
"""Every kind of measure."""
CURVES: Words = {
    "aggregate": {"zh": "年度合计", "en": "aggregate by year"},
    "occurrence": {"zh": "单次最大事故", "en": "largest event"},
    "net aggregate": {"zh": "再保后年度合计", "en": "net aggregate"},
    "net occurrence": {"zh": "再保后单次最大", "en": "net largest event"},
}
