#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <vitals/query/engine.h>

#include "client.h"
#include "ledger.h"
#include "support/faulty_file_system.h"
#include "support/temp_folder.h"
#include "unit/pipeline/house.h"

namespace vitals::property {

enum class Disk { memory, rocks };

struct Settings {
  explicit Settings(Dice& dice);
  pipeline::Options pipeline;
  events::Options log;
  series::Options series;
};

/// A daemon without a network, whatever happens to it, and the ledger that it must agree with:
/// batches of a troubled client, clocks that are set, restarts, power cuts (RocksDB) or full disks
/// (in memory), erasures, retention, and maintenance at any moment.
class World {
 public:
  World(std::uint64_t seed, Disk disk);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void live(int steps);

 private:
  using Batch = std::vector<Event>;
  struct Erasure {
    std::vector<model::Filter> filters;
    TimeMs from_ms;
    TimeMs to_ms;
  };

  // world.cpp
  void act();
  void tell(const char* what, std::int64_t number = 0);
  void start();
  void stop();
  void restart();
  void move_clock();
  void maintain();
  void post();
  void send(std::vector<Batch> batches);
  /// One that was sent long ago: whatever becomes of it is right.
  void probe();
  /// Late feedback about executions whose ids are remembered.
  void say();
  void erase();
  /// False when it was not answered.
  bool try_say(const Batch& feedback);
  bool try_erase(const Erasure& erasure, bool first);
  void arm_fault();
  /// Faults end, and what was not answered is done again.
  void settle();

  // world_check.cpp
  void check() const;
  void check_everything() const;
  void check_one() const;
  query::MetricRequest random_request() const;
  /// From when on this is kept by a source; nothing is raw.
  TimeMs kept_from(std::optional<series::Resolution> source) const;
  /// A midnight after all events and the present.
  TimeMs top() const;

  mutable Dice dice_;
  const Disk disk_;
  const Settings settings_;
  test::TempFolder folder_;
  test::FaultyEnv faulty_;
  pipeline::test::House house_;
  std::unique_ptr<query::Engine> engine_;
  Client client_;
  Ledger ledger_;
  TimeMs latest_;  ///< the latest time that the clock has ever shown

  std::string story_;  ///< what happened, for whoever looks for the cause of a failure
  bool armed_ = false;
  std::vector<Batch> unanswered_;
  Batch unsaid_;  ///< feedback that was not answered
  std::uint64_t said_ = 0;
  std::optional<Erasure> unerased_;
};

}  // namespace vitals::property
