#include <algorithm>
#include <cmath>

#include <vitals/analytics/contribution.h>

namespace vitals::analytics {
namespace {

/// Two parts as one. The weight of a total says nothing.
Tally join(Composition composition, const Tally& a, const Tally& b) {
  Tally joint{a.weight + b.weight, a.value + b.value};
  if (composition == Composition::total) return joint;
  const double sum = a.weight * a.value + b.weight * b.value;
  return {joint.weight, joint.weight > 0 ? sum / joint.weight : 0};
}

void join(Composition composition, const Part& part, Part& into) {
  into.before = join(composition, into.before, part.before);
  into.after = join(composition, into.after, part.after);
}

double over(double value, double divisor) { return divisor != 0 ? value / divisor : 0; }

/// The exact parts of the change of an average: how its weight moved, at the distance of its mean
/// value from what all had before, and how its value moved, at its mean weight.
Effect effect_on_average(const Part& part, const Part& whole) {
  const double weight_before = over(part.before.weight, whole.before.weight);
  const double weight_after = over(part.after.weight, whole.after.weight);
  // Where there was nothing, or is nothing any more, it is as all were before.
  const double value_before = part.before.weight > 0 ? part.before.value : whole.before.value;
  const double value_after = part.after.weight > 0 ? part.after.value : whole.before.value;
  Effect effect{part};
  effect.by_mix =
      (weight_after - weight_before) * ((value_before + value_after) / 2 - whole.before.value);
  effect.by_rate = (value_after - value_before) * (weight_before + weight_after) / 2;
  effect.change = effect.by_mix + effect.by_rate;
  effect.excess = -weight_before;
  return effect;
}

Effect effect_on_total(const Part& part, const Part& whole) {
  Effect effect{part};
  effect.change = effect.by_rate = part.after.value - part.before.value;
  effect.excess = -over(part.before.value, whole.before.value);
  return effect;
}

Explanation explain_by(const Dimension& dimension, Composition composition,
                       const ExplainOptions& options) {
  Explanation found;
  found.dimension = dimension.name;
  for (Effect& effect : effects(composition, dimension.parts)) {
    const bool enough =
        found.share >= options.share_all || found.causes.size() == options.causes_max;
    if (enough || effect.excess <= 0 || effect.share < options.share_each) {
      join(composition, effect.part, found.others);
      continue;
    }
    join(composition, effect.part, found.together);
    found.share += effect.share;
    found.excess += effect.excess;
    found.causes.push_back(std::move(effect));
  }
  return found;
}

}  // namespace

std::vector<Effect> effects(Composition composition, std::span<const Part> parts) {
  Part whole;
  for (const Part& part : parts) join(composition, part, whole);
  std::vector<Effect> all;
  double change = 0;
  for (const Part& part : parts) {
    all.push_back(composition == Composition::total ? effect_on_total(part, whole)
                                                    : effect_on_average(part, whole));
    change += all.back().change;
  }
  for (Effect& effect : all) {
    effect.share = over(effect.change, change);
    effect.excess = change != 0 ? effect.excess + effect.share : 0;
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Effect& a, const Effect& b) { return a.excess > b.excess; });
  return all;
}

std::vector<Explanation> explain(Composition composition, std::span<const Dimension> dimensions,
                                 const ExplainOptions& options) {
  std::vector<Explanation> found;
  for (const Dimension& dimension : dimensions) {
    Explanation one = explain_by(dimension, composition, options);
    if (one.share < options.share_min || one.excess < options.excess_min) continue;
    found.push_back(std::move(one));
  }
  const auto percent = [](const Explanation& one) { return std::lround(100 * one.excess); };
  std::stable_sort(found.begin(), found.end(), [&](const Explanation& a, const Explanation& b) {
    return percent(a) > percent(b);
  });
  return found;
}

}  // namespace vitals::analytics
