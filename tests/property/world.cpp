#include "world.h"

#include <algorithm>
#include <utility>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/model/signal.h>
#include <vitals/store/rocks.h>

namespace vitals::property {
namespace {

constexpr DurationMs kForever = events::kForever;

}  // namespace

Settings::Settings(Dice& dice) {
  pipeline.fold_events = dice.pick<std::uint64_t>({5, 20, 200});
  log.raw_retention_ms = dice.pick<DurationMs>({30 * kDayMs, 30 * kDayMs, 2 * kDayMs, kForever});
  log.dedup_age_ms = dice.pick<DurationMs>({kDayMs, kDayMs, kHourMs});
  if (dice.one_in(4)) log.dedup_ids_max = 150;
  log.block_rows = dice.pick<std::uint32_t>({20, 10'000});
  series.raw_retention_ms = log.raw_retention_ms;
  if (log.raw_retention_ms == kForever) series.retention_ms = {kForever, kForever, kForever};
  if (log.raw_retention_ms == 2 * kDayMs) {
    series.retention_ms = {dice.pick<DurationMs>({2 * kDayMs, 5 * kDayMs}), 10 * kDayMs,
                           dice.pick<DurationMs>({90 * kDayMs, kForever})};
  }
  if (dice.one_in(4)) series.series_max = 4;
}

World::World(std::uint64_t seed, Disk disk)
    : dice_(seed),
      disk_(disk),
      settings_(dice_),
      house_(settings_.pipeline, settings_.log, settings_.series),
      client_(dice_),
      ledger_(settings_.log),
      latest_(house_.now()) {
  start();
}

World::~World() {
  house_.stop();
  house_.store.replace(nullptr);
}

void World::live(int steps) {
  for (int step = 0; step < steps; ++step) {
    if (dice_.one_in(8)) arm_fault();
    act();
    INFO(story_);
    if (armed_) settle();
    if (dice_.one_in(3) || step + 1 == steps) check();
  }
}

void World::tell(const char* what, std::int64_t number) {
  story_.append(story_.empty() ? "" : ", ").append(what);
  if (number != 0) story_.append(" ").append(std::to_string(number));
}

void World::act() {
  switch (dice_.below(std::uint64_t{16})) {
    case 0:
      return restart();
    case 1:
    case 2:
      return move_clock();
    case 3:
      return erase();
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
      return maintain();
    case 9:
      return say();
    default:
      return post();
  }
}

void World::start() {
  if (disk_ == Disk::rocks) {
    auto opened = store::open_rocks(
        {folder_.file("store"), 64ULL << 10U, 1ULL << 20U, faulty_.env.get()}, quiet_logger());
    if (!opened) FAIL(opened.error().message);
    house_.stop();
    house_.store.replace(std::move(opened).value());
  }
  house_.restart();
  ledger_.restarted(house_.clock);
  engine_ = std::make_unique<query::Engine>(house_.store, *house_.log, *house_.rollups,
                                            house_.catalogue, house_.clock, query::Options{},
                                            quiet_logger(), *house_.telemetry);
}

void World::stop() {
  engine_.reset();
  house_.stop();
  if (disk_ == Disk::rocks) house_.store.replace(nullptr);
}

void World::restart() {
  if (dice_.one_in(2)) (void)house_.maintenance->fold_all();  // as a clean stop does
  tell("restart");
  stop();
  if (!armed_) start();
}

void World::move_clock() {
  const auto far = [this] {
    const DurationMs unit = dice_.pick<DurationMs>({1'000, 20'000, kMinuteMs, kHourMs, kDayMs});
    return dice_.below(unit * (unit == kDayMs ? 40 : 20));
  };
  const DurationMs by = far();
  if (dice_.one_in(3)) {
    const DurationMs jump = dice_.one_in(2) ? by : -by;
    tell("the clock is set by s", jump / 1'000);
    house_.clock.jump(jump);
  } else {
    tell("s pass:", by / 1'000);
    house_.clock.advance(by);
  }
  latest_ = std::max(latest_, house_.now());
  ledger_.clock_moved(house_.clock);
}

void World::maintain() {
  const std::uint64_t dice = dice_.below(std::uint64_t{8});
  tell("maintenance", static_cast<std::int64_t>(dice));
  Status done;
  if (dice == 0) done = house_.maintenance->fold_all();
  if (dice == 1) done = house_.maintenance->complete_cells();
  if (dice > 1) {
    for (std::uint64_t steps = dice_.below(std::uint64_t{4}); steps > 0; --steps) {
      house_.maintenance->step();
    }
    if (dice < 5) house_.clock.advance(10'000 + dice_.below(kMinuteMs));  // so that more is due
    latest_ = std::max(latest_, house_.now());
    ledger_.clock_moved(house_.clock);
  }
  if (!armed_) REQUIRE(done);
}

void World::post() {
  if (!armed_ && dice_.one_in(8)) return probe();
  std::vector<Batch> batches(1 + (dice_.one_in(3) ? dice_.below(std::uint64_t{3}) : 0));
  for (Batch& batch : batches) {
    batch = client_.batch(house_.now());
    std::erase_if(batch, [this](const Event& event) {
      return ledger_.knows(event.id) == Ledger::Known::maybe;
    });
  }
  if (batches.size() > 1 && dice_.one_in(2)) batches.back() = batches.front();
  std::erase_if(batches, [](const Batch& batch) { return batch.empty(); });
  send(std::move(batches));
}

void World::send(std::vector<Batch> batches) {
  std::vector<pipeline::test::Writer> writers(batches.size());
  for (std::size_t i = 0; i < batches.size(); ++i) {
    REQUIRE(house_.spine->submit(test::to_batch(batches[i]), writers[i].done()));
  }
  house_.spine->step();
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (!writers[i].answer()) {
      REQUIRE(armed_);
      unanswered_.push_back(std::move(batches[i]));
      continue;
    }
    tell("a batch of", static_cast<std::int64_t>(batches[i].size()));
    std::uint32_t expected = 0;
    for (const Event& event : batches[i]) {
      if (ledger_.knows(event.id) != Ledger::Known::no) continue;
      ledger_.add(event, house_.clock);
      ++expected;
    }
    REQUIRE(writers[i].accepted() == expected);
    REQUIRE(writers[i].duplicates() == batches[i].size() - expected);
  }
}

void World::probe() {
  if (client_.sent().empty()) return;
  const Event event = dice_.pick(client_.sent());
  if (ledger_.knows(event.id) != Ledger::Known::maybe) return;
  tell("an old event again");
  pipeline::test::Writer writer;
  REQUIRE(house_.spine->submit(test::to_batch({event}), writer.done()));
  house_.spine->step();
  if (writer.accepted() == 1) ledger_.add(event, house_.clock);
}

void World::say() {
  std::map<std::string, int> held;
  for (const Event& event : ledger_.held()) ++held[event.id];
  Batch feedback;
  for (std::uint64_t count = 1 + dice_.below(std::uint64_t{5}); count > 0; --count) {
    if (ledger_.held().empty()) return;
    Event event = dice_.pick(ledger_.held());
    if (event.feedback || held[event.id] > 1 || ledger_.knows(event.id) != Ledger::Known::yes) {
      continue;
    }
    event.feedback = true;
    event.id += model::kIdSeparator + std::to_string(++said_);
    event.duration_ms = event.input_tokens = event.output_tokens = model::kAbsent;
    event.rating = 1 + static_cast<double>(dice_.below(std::uint64_t{5}));
    feedback.push_back(std::move(event));
  }
  if (feedback.empty()) return;
  tell("feedback:", static_cast<std::int64_t>(feedback.size()));
  if (try_say(feedback)) return;
  REQUIRE(armed_);
  unsaid_.insert(unsaid_.end(), feedback.begin(), feedback.end());
}

bool World::try_say(const Batch& feedback) {
  std::vector<model::Signal> signals;
  for (const Event& event : feedback) {
    const std::size_t end = event.id.find(model::kIdSeparator);
    signals.push_back({model::RowKind::feedback,
                       event.id.substr(0, end),
                       event.id.substr(end + 1),
                       house_.now(),
                       {{model::Number::rating, event.rating}}});
  }
  std::optional<Result<pipeline::SignalsOutcome>> told;
  REQUIRE(house_.spine->submit(
      std::move(signals),
      [&told](const Result<pipeline::SignalsOutcome>& outcome) { told = outcome; }));
  for (int step = 0; step < 4 && !told; ++step) house_.spine->step();
  REQUIRE(told);
  if (!*told) return false;
  REQUIRE((*told)->accepted + (*told)->duplicates == feedback.size());
  REQUIRE((*told)->waiting == 0);
  for (const Event& event : feedback) {
    if (ledger_.knows(event.id) == Ledger::Known::no) ledger_.add(event, house_.clock);
  }
  return true;
}

void World::erase() {
  Erasure erasure;
  if (!dice_.one_in(4)) {
    erasure.filters = test::filters({dice_.pick<std::string>(
        {"prompt:p0", "prompt:p1", "user:u*", "status:error", "model:large"})});
  }
  // Days that raw events cover wholly: cells of others stay as they are.
  const TimeMs first = series::bucket_start(kept_from({}) + kDayMs - 1, kDayMs);
  erasure.from_ms = first + dice_.below(std::max<DurationMs>(top() - first, 1));
  erasure.to_ms =
      erasure.from_ms + 1 + dice_.below(dice_.pick<DurationMs>({kHourMs, kDayMs, 9 * kDayMs}));
  tell("erase within s:", (erasure.to_ms - erasure.from_ms) / 1'000);
  if (!try_erase(erasure, true)) {
    REQUIRE(armed_);
    unerased_ = std::move(erasure);
  }
}

bool World::try_erase(const Erasure& erasure, bool first) {
  const auto& [filters, from_ms, to_ms] = erasure;
  const auto erased = house_.maintenance->erase(filters, from_ms, to_ms);
  if (!erased) return false;
  const std::uint64_t expected = ledger_.erase(filters, from_ms, to_ms);
  if (first) REQUIRE(erased->rows == expected);
  return true;
}

void World::arm_fault() {
  armed_ = true;
  tell("a fault is near");
  if (disk_ == Disk::memory) {
    house_.store.fill_after(dice_.below(std::uint64_t{4}));
  } else {
    faulty_.files->crash_after(dice_.below(std::uint64_t{12}),
                               dice_.one_in(2) ? dice_.random() : 0);
  }
}

void World::settle() {
  house_.store.make_room();
  if (disk_ == Disk::rocks) {
    faulty_.files->crash();
    stop();
    faulty_.files->restart();
    start();
    house_.maintenance->step();  // finishes what was cut off
  } else if (engine_ == nullptr) {
    start();
  }
  tell("settled; unanswered:", static_cast<std::int64_t>(unanswered_.size()));
  armed_ = false;
  for (Batch& batch : std::exchange(unanswered_, {})) {
    // Whether it was stored is not known; now it is. An id that the start has made forget would not
    // be a duplicate any more.
    std::erase_if(batch, [this](const Event& event) {
      return ledger_.knows(event.id) == Ledger::Known::maybe;
    });
    if (batch.empty()) continue;
    pipeline::test::Writer writer;
    REQUIRE(house_.spine->submit(test::to_batch(batch), writer.done()));
    house_.spine->step();
    REQUIRE(writer.accepted() + writer.duplicates() == batch.size());
    for (const Event& event : batch) {
      if (ledger_.knows(event.id) == Ledger::Known::no) ledger_.add(event, house_.clock);
    }
  }
  if (const Batch unsaid = std::exchange(unsaid_, {}); !unsaid.empty()) REQUIRE(try_say(unsaid));
  if (unerased_) REQUIRE(try_erase(*std::exchange(unerased_, {}), false));
}

}  // namespace vitals::property
