#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace vitals::analytics {

/// How far two raters agree beyond chance, 1 wholly, 0 as by chance, below 0 less: weighted kappa
/// (Cohen, Psychological Bulletin 70, 1968) with quadratic weights. Each pair is what both say of
/// one subject, from 0 to `most`, and is rounded to whole numbers. Nothing without two subjects, or
/// when both always say one and the same.
std::optional<double> weighted_kappa(std::span<const std::pair<double, double>> ratings, int most);

/// The share of the variance of ratings that lies between subjects, not between raters of one: the
/// intraclass correlation of single ratings, one-way, ICC(1) (Shrout and Fleiss, Psychological
/// Bulletin 86, 1979), for groups of different sizes (Donner, International Statistical Review 54,
/// 1986). Each group is what different raters say of one subject; groups of one say nothing.
/// Nothing without two groups, or when all ratings are the same.
std::optional<double> intraclass_correlation(std::span<const std::vector<double>> groups);

}  // namespace vitals::analytics
