"""Where each method comes from and when not to lean on it, by the id that estimates carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from goodheart.errors import InternalError


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One method's reference and limits."""

    method: str
    """The id in `Estimate.method`, or the name of a test."""
    reference: str
    limits: str


_TAILS = (
    "Degrees of freedom follow the tails by the jackknife, inflated by a factor calibrated on gamma effects; "
    "heavier tails than those cover less."
)

_ALL = (
    Source(
        method="t_tail_df",
        reference="Student (1908), Biometrika 6:1-25, on the means of clusters; degrees of freedom as Satterthwaite "
        "(1946) from the jackknife variance of the sample variance (ours)",
        limits="No interval under 8 clusters. With strong skew the tail towards the long side is missed more often.",
    ),
    Source(
        method="t_paired_clusters",
        reference="Student (1908), Biometrika 6:1-25, on the differences within clusters",
        limits="Clusters that only one arm has are left out. Coverage is known from 8 clusters on.",
    ),
    Source(
        method="t_paired_laplace",
        reference="As `t_paired_clusters`, with one cluster added that changes each way: Bonett and Price (2012), "
        "Journal of Educational and Behavioral Statistics 37:479-488, after Laplace",
        limits="For yes-or-no answers and for whole numbers that all change alike. Wide under 20 clusters; blind to a "
        "few clusters that would move far.",
    ),
    Source(
        method="t_welch_clusters",
        reference="Welch (1947), Biometrika 34:28-35, on the means of clusters",
        limits="Takes the two sets of clusters as independent. Coverage is known from 8 clusters a set on.",
    ),
    Source(
        method="t_welch_gaps",
        reference="Welch (1947), Biometrika 34:28-35, on the differences within clusters of two sets",
        limits="Takes the two sets of clusters as independent. Coverage is known from 8 clusters a set on.",
    ),
    Source(
        method="fieller_clusters",
        reference="Fieller (1954), JRSS B 16:175-185, for the ratio of a difference in differences to a distance "
        "between controls; degrees of freedom as Satterthwaite (1946), Biometrics Bulletin 2:110-114",
        limits="Takes the sets of clusters as independent. No interval under 8 clusters a set, nor where the distance "
        "is not shown to be above 0. Where all clusters of a set move alike, one that moves up and one that moves down "
        "by the smallest movement that counts are added (after Laplace).",
    ),
    Source(
        method="mean_pooled",
        reference="Pooled error of an analysis of variance: Searle, Casella and McCulloch (1992), Variance Components",
        limits="About the wordings drawn for one cluster; takes wordings to spread alike in every cluster.",
    ),
    Source(
        method="mean_pooled_welch",
        reference="As `mean_pooled`, against a mean of other clusters: Welch (1947), Biometrika 34:28-35",
        limits="As `mean_pooled`. Comparisons with one reference share its error. Exploratory, one cluster at a time.",
    ),
    Source(
        method="fixed_levels_sign_flip",
        reference="Westfall and Young (1993), Resampling-Based Multiple Testing, and Winkler et al. (2014), NeuroImage "
        "92:381-397, for sign-flips; Scheffe (1953), Biometrika 40:87-104, for bounds from one region; the shrinkage "
        "(Baranchik 1964) and the combination are ours",
        limits="About the levels that were asked, each varied alone. Wide where there are many levels: the bounds "
        "hold whatever their pattern.",
    ),
    Source(
        method="shares_pivotal_draws",
        reference="Weerahandi (1993), JASA 88:899-905, and Mathew and Webb (2005), Technometrics 47:312-322, for "
        "pivotal draws of variance components; Fuller (1987), Measurement Error Models, ch. 2; order and use are ours",
        limits="Linear prediction only, of the mood by a lexicon only. Wide under 36 circumstances. Takes the errors "
        "within circumstances as alike. Where other forms differ by less than their noise shows, what sets them apart "
        "is counted as specific; with noise twice that of the rating itself the lower bound then fails in up to 10%.",
    ),
    Source(
        method="chi_square_jackknife_df",
        reference="Chi-square interval; tails as Hummel, Banga and Hettmansperger (2005), Minitab Technical Report, by "
        "the jackknife as Arvesen and Schmitz (1970), Biometrics 26:677-686; the combination is ours",
        limits=_TAILS,
    ),
    Source(
        method="mls_jackknife_df",
        reference="Burdick and Graybill (1992), Confidence Intervals on Variance Components (modified large sample); "
        "degrees of freedom by the jackknife as Arvesen and Schmitz (1970), Biometrics 26:677-686; combined here",
        limits=_TAILS + " Conservative where a component is small. A main effect of few perturbations is known badly.",
    ),
    Source(
        method="mls_unweighted_means",
        reference="Thomas and Hultquist (1978), Annals of Statistics 6:582-587, on unweighted means where cells differ "
        "in size; interval as `mls_jackknife_df`",
        limits=_TAILS + " Values have to be missing for reasons that have nothing to do with what they would be.",
    ),
    Source(
        method="icc_mls_jackknife_df",
        reference="Shrout and Fleiss (1979), Psychological Bulletin 86:420-428; interval as `mls_jackknife_df`",
        limits=_TAILS + " Raters are not told apart; a value below 0 is shown as 0.",
    ),
    Source(
        method="wilson",
        reference="Wilson (1927), JASA 22:209-212",
        limits="Takes trials as independent.",
    ),
    Source(
        method="wilson_clustered",
        reference="Korn and Graubard (1998), Survey Methodology 24:193-201, effective size in Wilson (1927)",
        limits="No interval under 8 clusters. Where all clusters have one share each counts as one trial.",
    ),
    Source(
        method="spearman_bonett_wright",
        reference="Bonett and Wright (2000), Psychometrika 65:23-28",
        limits="Between -.95 and .95; a perfect order is taken half of one exchange of neighbours short of it.",
    ),
    Source(
        method="pearson_fisher_jackknife",
        reference="Fisher (1921), Metron 1:3-32, with the standard error no smaller than the jackknife's",
        limits="One cluster far out can carry a linear correlation: look at the order too.",
    ),
    Source(
        method="newcombe_5",
        reference="Newcombe (2006), Statistics in Medicine 25:559-573, method 5",
        limits="Wide where many values tie; takes values as independent.",
    ),
    Source(
        method="krippendorff_cluster_bootstrap",
        reference="Krippendorff (2019), Content Analysis, 4th ed., ch. 12; clusters resampled; percentiles expanded as "
        "Hesterberg (2015), The American Statistician 69:371-386",
        limits="No interval under 8 clusters, nor where nobody disagrees. Rare codes make alpha unstable.",
    ),
    Source(
        method="coding_bootstrap",
        reference="Cohen (1960), Educational and Psychological Measurement 20:37-46; van Rijsbergen (1979), "
        "Information Retrieval; replies resampled, percentiles expanded as Hesterberg (2015), The American "
        "Statistician 69:371-386",
        limits="Takes replies as independent. Rare codes make kappa unstable.",
    ),
    Source(
        method="shares_jackknife",
        reference="Efron (1982), The Jackknife, ch. 3, over clusters; never less than Agresti and Caffo (2000), The "
        "American Statistician 54:280-288, nor than the variance at the edge tested (ours)",
        limits="Under 36 clusters that differ strongly, a share that the other arm never shows is taken for too small "
        "in up to 9% of cases instead of 5%.",
    ),
    Source(
        method="entropy_ratio_jackknife",
        reference="Miller (1955), Note on the bias of information estimates; Efron (1982), The Jackknife, ch. 3",
        limits="Of neighbouring moves only; longer patterns are not seen. Few and short replies leave bias.",
    ),
    Source(
        method="prevalence_difference",
        reference="Cochran (1977), Sampling Techniques, ch. 5 and 7; Angelopoulos et al. (2023), Science 382:669-674",
        limits="Of the replies of one run, for people as they labelled; a random sample of at least 100 is needed.",
    ),
    Source(
        method="tost",
        reference="Schuirmann (1987), J. Pharmacokinetics Biopharmaceutics 15:657-680; Berger (1982), Technometrics 24",
        limits="Says nothing beyond the margin chosen beforehand.",
    ),
    Source(
        method="max_t_sign_flip",
        reference="Westfall and Young (1993), Resampling-Based Multiple Testing; Winkler et al. (2014), NeuroImage 92",
        limits="Takes differences as symmetric; skewed ones in few clusters reject too often against 0.",
    ),
    Source(
        method="holm",
        reference="Holm (1979), Scandinavian Journal of Statistics 6:65-70",
        limits="For the family that was frozen; a family chosen later is not protected.",
    ),
    Source(
        method="rank_null_directions",
        reference="Phipson and Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9:39, for the "
        "rank; a t prediction from the random directions' spread for the interval (ours)",
        limits="Exact where the direction is exchangeable with the random ones; the interval takes them as normal.",
    ),
    Source(
        method="jackknife_clusters",
        reference="Tukey's jackknife: Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 11",
        limits="For smooth functions of means; few contexts make it wide.",
    ),
    Source(
        method="firth_logistic",
        reference="Firth (1993), Biometrika 80:27-38, with Wald intervals; Fieller (1954), JRSS B 16:175-185, for "
        "where the curve goes through a half",
        limits="Takes answers as independent and the curve as logistic in the rank of the dose.",
    ),
    Source(
        method="clopper_pearson",
        reference="Clopper and Pearson (1934), Biometrika 26:404-413",
        limits="Exact for independent trials, and wider than it has to be.",
    ),
    Source(
        method="partial_fisher",
        reference="Fisher (1924), Metron 3:329-332; the permutation as Freedman and Lane (1983), Journal of Business "
        "and Economic Statistics 1:292-298",
        limits="Linear; takes items as independent.",
    ),
    Source(
        method="benjamini_hochberg",
        reference="Benjamini and Hochberg (1995), JRSS B 57:289-300",
        limits="Exploratory: a share of the claims may be false.",
    ),
)

SOURCES: Mapping[str, Source] = MappingProxyType({source.method: source for source in _ALL})
"""Every method id that an estimate can carry, and the tests behind verdicts."""


def source_of(*, method: str) -> Source:
    """Return the source of a method.

    Raises:
        InternalError: the id is not known.
    """
    if method not in SOURCES:
        raise InternalError(
            f"a method needs a source, because the report cites what it used; `{method}` has none. "
            f"Use one of {', '.join(sorted(SOURCES))}, or add it to `stats/sources.py`."
        )
    return SOURCES[method]
