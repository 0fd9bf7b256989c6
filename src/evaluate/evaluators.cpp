#include <algorithm>
#include <deque>
#include <limits>
#include <random>
#include <set>
#include <utility>

#include <vitals/base/guarded.h>
#include <vitals/evaluate/evaluators.h>

#include "asking.h"
#include "progress.h"

namespace vitals::evaluate {
namespace {

struct Told {
  std::uint64_t number;
  Status stored;
};

/// What is known of each of these evaluators; others are forgotten, new ones begin at the end,
/// as do those of which it cannot be read.
Result<std::vector<Progress>> resume(const Parts& parts, store::Table table,
                                     const std::vector<Evaluator>& evaluators) {
  const auto snapshot = parts.store.snapshot();
  store::WriteBatch changes;
  std::set<std::string> names;
  std::vector<Progress> all;
  for (const Evaluator& evaluator : evaluators) {
    names.insert(evaluator.name);
    const auto bytes = snapshot->get(table, evaluator.name);
    if (!bytes) return bytes.error();
    if (*bytes) {
      const auto progress = decode_progress(**bytes);
      if (progress) {
        all.push_back(*progress);
        continue;
      }
      parts.logger->error("evaluator '{}' begins at the end of the log: {}", evaluator.name,
                          progress.error().message);
    }
    all.push_back({parts.log.end(), 0, 0});
    changes.put(table, evaluator.name, encode(all.back()));
  }
  const auto cursor = snapshot->scan(table, {}, {});
  for (; cursor->valid(); cursor->next()) {
    if (names.count(std::string(cursor->key())) == 0) changes.erase(table, cursor->key());
  }
  if (!cursor->status()) return cursor->status().error();
  if (!changes.empty()) {
    if (Status kept = parts.store.commit(changes, store::Sync::yes); !kept) return kept.error();
  }
  return all;
}

}  // namespace

struct Evaluators::State {
  State(Parts given, store::Table the_table, std::vector<Evaluator> the_evaluators)
      : parts(std::move(given)), table(the_table), evaluators(std::move(the_evaluators)) {}

  void save(const std::deque<Asking>& all);

  const Parts parts;
  const store::Table table;
  const std::vector<Evaluator> evaluators;
  std::uint64_t next_number = 1;
  std::vector<Progress> saved;  ///< of each
  bool unsaved = false;         ///< the store refused it last
  Guarded<std::vector<Told>> told;
  Guarded<std::deque<Asking>> askings;
};

/// Without waiting for the disk: what is lost with the power is asked again.
void Evaluators::State::save(const std::deque<Asking>& all) {
  std::vector<Progress> now;
  store::WriteBatch changes;
  for (const Asking& asking : all) {
    now.push_back(asking.progress());
    if (now.back() == saved[now.size() - 1]) continue;
    changes.put(table, asking.name(), encode(now.back()));
  }
  if (changes.empty()) return;
  const Status kept = parts.store.commit(changes, store::Sync::no);
  if (kept) {
    saved = std::move(now);
  } else if (!unsaved) {
    parts.logger->error("how far evaluators have got cannot be stored: {}", kept.error().message);
  }
  unsaved = !kept;
}

Evaluators::Evaluators(std::unique_ptr<State> state) : state_(std::move(state)) {}
Evaluators::~Evaluators() = default;

Result<std::unique_ptr<Evaluators>> Evaluators::open(Parts parts,
                                                     std::vector<Evaluator> evaluators) {
  const auto table = parts.store.table("evaluators");
  if (!table) return table.error();
  auto progress = resume(parts, *table, evaluators);
  if (!progress) return std::move(progress).error();
  const std::uint64_t seed = parts.jitter_seed != 0 ? parts.jitter_seed : std::random_device{}();
  auto state = std::make_unique<State>(std::move(parts), *table, std::move(evaluators));
  state->saved = *std::move(progress);
  State& s = *state;  // stays where it is
  s.askings.with([&](auto& askings) {
    for (std::size_t i = 0; i < s.evaluators.size(); ++i) {
      askings.emplace_back(
          s.parts, s.evaluators[i], s.saved[i], [&s] { return s.next_number++; },
          [&s](std::uint64_t number, Status stored) {
            s.told.with([&](auto& told) { told.push_back({number, std::move(stored)}); });
            s.parts.calls.wake();
          },
          seed + i);
    }
  });
  return std::unique_ptr<Evaluators>(new Evaluators(std::move(state)));
}

DurationMs Evaluators::step() {
  State& s = *state_;
  const std::vector<Told> told = s.told.with([](auto& all) { return std::exchange(all, {}); });
  const std::vector<net::Calls::Answered> answered = s.parts.calls.answered();
  return s.askings.with([&](std::deque<Asking>& askings) {
    // What is no open question's was given up meanwhile.
    for (const auto& [number, stored] : told) {
      for (Asking& asking : askings) {
        if (asking.take(number, stored)) break;
      }
    }
    for (const auto& [number, answer] : answered) {
      for (Asking& asking : askings) {
        if (asking.take(number, answer)) break;
      }
    }
    DurationMs wait = std::numeric_limits<DurationMs>::max();
    for (Asking& asking : askings) wait = std::min(wait, asking.step());
    s.save(askings);
    return wait;
  });
}

void Evaluators::reread() {
  state_->askings.with([](auto& askings) {
    for (Asking& asking : askings) asking.reread();
  });
}

std::vector<Standing> Evaluators::standings() const {
  return state_->askings.with([](const auto& askings) {
    std::vector<Standing> all;
    all.reserve(askings.size());
    for (const Asking& asking : askings) all.push_back(asking.standing());
    return all;
  });
}

}  // namespace vitals::evaluate
