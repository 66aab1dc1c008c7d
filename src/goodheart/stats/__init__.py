"""Estimates and tests: pure functions over arrays and frozen records, each with its source and known limits."""

from goodheart.stats.agreement import estimate_krippendorff_alpha, krippendorff_alpha
from goodheart.stats.auc import effect_auc, estimate_auc
from goodheart.stats.components import (
    Components,
    balanced_array,
    effect_named,
    estimate_components,
    estimate_components_crossed,
    estimate_components_nested,
    finding_named,
)
from goodheart.stats.contrasts import (
    effect_contrast_independent,
    effect_contrast_paired,
    effect_difference_in_differences,
    estimate_contrast_independent,
    estimate_contrast_paired,
    estimate_difference_in_differences,
)
from goodheart.stats.correlation import effect_correlation, estimate_correlation
from goodheart.stats.effect import Effect, Sample, estimate_from_effect, natural_value, p_below
from goodheart.stats.equivalence import (
    RegionTest,
    part_at,
    part_of_region,
    region_test,
    smallest_fault_shown,
    with_max_t,
)
from goodheart.stats.fixed_levels import estimate_fixed_levels
from goodheart.stats.means import effect_mean, estimate_mean
from goodheart.stats.multiplicity import adjusted_level_for, benjamini_hochberg, holm
from goodheart.stats.pooled import Reference, effects_against, estimate_mean_pooled, reference_of
from goodheart.stats.power import (
    clusters_needed_equivalence,
    clusters_needed_independent,
    clusters_needed_paired,
    minimum_certifiable_margin,
    minimum_detectable_independent,
    minimum_detectable_paired,
)
from goodheart.stats.predicted_shares import ShareDraws, estimate_predicted_shares, prepare_share_draws
from goodheart.stats.proportions import estimate_proportion, estimate_proportion_clustered
from goodheart.stats.reliability import effect_icc, estimate_icc
from goodheart.stats.signflip import (
    FlipNull,
    MaxT,
    SignFlips,
    bounds_by_flips,
    flip_null,
    max_t,
    p_outside_by_flips,
    prepare_sign_flips,
)
from goodheart.stats.sources import SOURCES, Source, source_of
from goodheart.stats.spread import effect_sd, effect_sd_within, estimate_sd, estimate_sd_within

__all__ = [
    "SOURCES",
    "Components",
    "Effect",
    "FlipNull",
    "MaxT",
    "Reference",
    "RegionTest",
    "Sample",
    "ShareDraws",
    "SignFlips",
    "Source",
    "adjusted_level_for",
    "balanced_array",
    "benjamini_hochberg",
    "bounds_by_flips",
    "clusters_needed_equivalence",
    "clusters_needed_independent",
    "clusters_needed_paired",
    "effect_auc",
    "effect_contrast_independent",
    "effect_contrast_paired",
    "effect_correlation",
    "effect_difference_in_differences",
    "effect_icc",
    "effect_mean",
    "effect_named",
    "effect_sd",
    "effect_sd_within",
    "effects_against",
    "estimate_auc",
    "estimate_components",
    "estimate_components_crossed",
    "estimate_components_nested",
    "estimate_contrast_independent",
    "estimate_contrast_paired",
    "estimate_correlation",
    "estimate_difference_in_differences",
    "estimate_fixed_levels",
    "estimate_from_effect",
    "estimate_icc",
    "estimate_krippendorff_alpha",
    "estimate_mean",
    "estimate_mean_pooled",
    "estimate_predicted_shares",
    "estimate_proportion",
    "estimate_proportion_clustered",
    "estimate_sd",
    "estimate_sd_within",
    "finding_named",
    "flip_null",
    "holm",
    "krippendorff_alpha",
    "max_t",
    "minimum_certifiable_margin",
    "minimum_detectable_independent",
    "minimum_detectable_paired",
    "natural_value",
    "p_below",
    "p_outside_by_flips",
    "part_at",
    "part_of_region",
    "prepare_share_draws",
    "prepare_sign_flips",
    "reference_of",
    "region_test",
    "smallest_fault_shown",
    "source_of",
    "with_max_t",
]
