#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace vitals::analytics {

/// What a metric's value is made of.
enum class Composition : std::uint8_t {
  average,  ///< of executions, as a rate or a mean: the value of all is Σ weight·value / Σ weight
  total     ///< over executions, as a number or a sum per time: the value of all is Σ value
};

/// A metric of some executions in one period.
struct Tally {
  double weight = 0;  ///< how many there were, in any unit
  double value = 0;   ///< of a total: per unit of time, so that periods can be compared
};

/// The executions with one value of a label, before and now.
struct Part {
  std::string label;
  Tally before;
  Tally after;
};

/// A label, and what there was of each of its values. Every execution is in one part.
struct Dimension {
  std::string name;
  std::vector<Part> parts;
};

/// How much one part of a dimension did to the change of the whole. A new part is held against what
/// all had before; the effects of a dimension's parts add up to the change.
struct Effect {
  Part part;
  double change = 0;  ///< in units of the metric
  /// Of it: because the part grew or shrank, and because its own value moved (Kitagawa 1955).
  double by_mix = 0;
  double by_rate = 0;
  double share = 0;   ///< of the change of the whole; below 0 where it worked against it
  double excess = 0;  ///< the share, less what the part had of all before
};

/// Effects of all parts, by excess, largest first. Shares are 0 when nothing has changed.
std::vector<Effect> effects(Composition composition, std::span<const Part> parts);

/// The few values of one dimension that explain a change.
struct Explanation {
  std::string dimension;
  std::vector<Effect> causes;  ///< by excess, largest first
  double share = 0;            ///< of the change, by all causes
  double excess = 0;           ///< of all causes
  Part together;               ///< all causes as one part; its label says nothing
  Part others;                 ///< all the dimension's other parts
};

struct ExplainOptions {
  double share_each = 0.1;  ///< a cause has at least so much of the change …
  double share_all = 0.67;  ///< … and no more are looked for once they have so much together
  double share_min = 0.5;   ///< causes that have less together explain nothing
  double excess_min = 0.1;  ///< nor do those whose share is what was to be expected of them
  std::size_t causes_max = 3;
};

/// Which label explains the change, best first; of those that do so equally well (within a percent)
/// the one that was given first. As in
/// Adtributor (Bhagwan et al., NSDI 2014) a cause must explain much of the change (its share) and
/// come as a surprise, be few, and labels are ranked by surprise. The surprise is simply the
/// excess: a value that had half of the executions before is no cause for having done half of the
/// change.
std::vector<Explanation> explain(Composition composition, std::span<const Dimension> dimensions,
                                 const ExplainOptions& options = {});

}  // namespace vitals::analytics
