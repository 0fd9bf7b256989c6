#include "composites.h"

#include <algorithm>
#include <map>
#include <set>

#include "rule_check.h"

namespace vitals::rules {
namespace {

using Fields = std::vector<std::string>;

bool has(const Fields& fields, const std::string& field) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

/// Those of both, in the order of the first.
Fields shared(const Fields& fields, const Fields& others) {
  Fields both;
  std::copy_if(fields.begin(), fields.end(), std::back_inserter(both),
               [&others](const std::string& field) { return has(others, field); });
  return both;
}

Labels project(const Labels& group, const Fields& fields) {
  Labels part;
  for (const auto& [name, value] : group) {
    if (has(fields, name)) part.emplace_hint(part.end(), name, value);
  }
  return part;
}

/// Depth first; the way down is kept to tell when it comes back to itself.
class Order {
 public:
  explicit Order(const std::vector<Rule>& rules) : rules_(rules), marks_(rules.size()) {
    for (std::size_t i = 0; i < rules.size(); ++i) numbers_.emplace(rules[i].name, i);
  }

  Status visit(std::size_t rule) {
    if (marks_[rule] == Mark::done) return {};
    const auto* composite = std::get_if<Composite>(&rules_[rule].condition);
    if (composite != nullptr) {
      if (marks_[rule] == Mark::under_way) return circle(rule);
      marks_[rule] = Mark::under_way;
      way_.push_back(rule);
      for (const std::string& name : composite->rules) {
        const auto part = numbers_.find(name);
        if (part == numbers_.end()) return fault(rule, "there is no rule '" + name + "'");
        if (auto visited = visit(part->second); !visited) return visited;
      }
      way_.pop_back();
    }
    marks_[rule] = Mark::done;
    order_.push_back(rule);
    return {};
  }

  std::vector<std::size_t> take() { return std::move(order_); }

 private:
  enum class Mark : std::uint8_t { unseen, under_way, done };

  Error fault(std::size_t rule, const std::string& reason) const {
    const bool all = std::get<Composite>(rules_[rule].condition).all;
    return rule_error(rules_[rule], all ? "all_of" : "any_of", reason);
  }
  Error circle(std::size_t rule) const {
    std::string text = "is composed of itself: ";
    for (auto at = std::find(way_.begin(), way_.end(), rule); at != way_.end(); ++at) {
      text += rules_[*at].name + " > ";
    }
    return fault(rule, text + rules_[rule].name);
  }

  const std::vector<Rule>& rules_;
  std::map<std::string, std::size_t> numbers_;
  std::vector<Mark> marks_;
  std::vector<std::size_t> way_;
  std::vector<std::size_t> order_;
};

/// The groups of one rule of a composite, as far as they have its fields.
struct Part {
  const std::string& name;
  Fields fields;
  std::set<Labels> firing;
};

GroupReading read_group(const Labels& group, const std::vector<Part>& parts, bool all) {
  std::size_t firing = 0;
  std::string names;
  for (const Part& part : parts) {
    if (part.firing.count(project(group, part.fields)) == 0) continue;
    ++firing;
    names += (names.empty() ? "" : ", ") + part.name;
  }
  const std::size_t needed = all ? parts.size() : 1;
  GroupReading read{group, {}};
  read.reading.holds = firing >= needed;
  read.reading.clears = !read.reading.holds;
  read.reading.value = static_cast<double>(firing);
  read.reading.threshold = static_cast<double>(needed);
  read.reading.words = {{"rules", std::move(names)}};
  return read;
}

}  // namespace

Result<std::vector<std::size_t>> judging_order(const std::vector<Rule>& rules) {
  Order order(rules);
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    if (auto visited = order.visit(rule); !visited) return visited.error();
  }
  return order.take();
}

std::vector<std::string> group_fields(const Rule& rule, const std::vector<Fields>& of_rules) {
  if (std::holds_alternative<Unhealthy>(rule.condition)) return {"component"};
  if (!rule.group_by.empty() || !std::holds_alternative<Composite>(rule.condition)) {
    return rule.group_by;
  }
  std::optional<Fields> fields;
  for (const Fields& of_rule : of_rules) {
    if (!of_rule.empty()) fields = fields ? shared(*fields, of_rule) : of_rule;
  }
  return fields.value_or(Fields{});
}

std::vector<GroupReading> compose(const Composite& composite, const Fields& fields,
                                  const std::vector<const RuleState*>& rules) {
  std::vector<Part> parts;
  std::set<Labels> groups;
  for (const RuleState* rule : rules) {
    Part part{rule->rule().name, shared(fields, rule->group_fields()), {}};
    for (const Labels* group : rule->firing()) part.firing.insert(project(*group, part.fields));
    // Of all rules together, only one with all fields can name a group.
    if (!composite.all || part.fields == fields) {
      groups.insert(part.firing.begin(), part.firing.end());
    }
    parts.push_back(std::move(part));
  }
  std::vector<GroupReading> readings;
  for (const Labels& group : groups) {
    GroupReading read = read_group(group, parts, composite.all);
    if (read.reading.holds) readings.push_back(std::move(read));
  }
  return readings;
}

}  // namespace vitals::rules
