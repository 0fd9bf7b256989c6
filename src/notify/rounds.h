#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/net/calls.h>
#include <vitals/notify/outbox.h>
#include <vitals/telemetry/registry.h>

#include "channel.h"
#include "even_clock.h"
#include "heartbeats.h"
#include "ledger.h"
#include "plan.h"
#include "quiet.h"
#include "served.h"

namespace vitals::notify {

/// The courier's work: whose turn it is, what is under way, and what an answer makes of it. Holds
/// in memory what must be known of each row to know its turn; the rows stay in the ledger.
/// Not thread-safe.
class Rounds {
 public:
  using Outcome = std::pair<std::string, std::string>;  ///< of an action: incident, error

  Rounds(Ledger& ledger, const Clock& clock, net::Calls& calls, Logger logger,
         telemetry::Registry& telemetry, std::uint64_t seed);

  /// Takes up what earlier rounds of another process left. Errors: those of the store.
  Status resume(std::shared_ptr<const Plan> plan);
  void use(std::shared_ptr<const Plan> plan);
  /// One round; returns when the next is due.
  TimeMs run();
  /// A dead letter was put back under this key.
  void add(const std::string& key, const Row& row);
  /// Takes persons' pseudonyms out of what is under way: it will be written down.
  void forget(const model::Persons& persons);
  /// Outcomes of actions that are committed, once each.
  std::vector<Outcome> take_outcomes() { return std::exchange(told_, {}); }

  std::vector<ReceiverState> states() const;
  Heartbeats& heartbeats() { return heartbeats_; }
  Quiet& quiet() { return quiet_; }
  /// The receiver is being told that the incident is over.
  bool is_ending(const std::string& receiver, const std::string& incident) const;

 private:
  struct Flight {
    std::string receiver;
    bool probe = false;
    std::shared_ptr<const Plan> plan;  ///< owns `to`
    const Destination* to = nullptr;
    std::vector<Waiting> waiting;
    std::vector<Row> rows;
    Message message;
  };

  Waiting waiting_of(const std::string& key, const Row& row) const;
  Served& served(const std::string& receiver);
  Status restore_repeats();
  Status restore_outcomes();
  TimeMs read_new();
  void take(net::Calls::Answered answered);
  void landed(Flight& flight, const net::ClientAnswer& answer);
  void refused(Flight& flight, const Attempt& attempt);
  void forget(const Flight& flight);
  TimeMs try_again(Flight& flight, std::size_t at, const Attempt& attempt);

  TimeMs serve(const std::string& receiver, Served& served);
  void clear(const std::string& receiver, Served& served);
  void bury_expired(const Destination& to, Served& served);
  void begin(const std::string& receiver, Served& served, const Destination& to);
  /// So long after this an incident is told again; 0: never.
  static DurationMs repeat_ms(const Row& row, const Channel& channel);
  bool put_off_quiet(const Flight& flight, Served& served);
  bool put_off_unrouted(const Flight& flight, Served& served);
  bool load(Flight& flight, Served& served);
  bool join(Flight& flight, Served& served);
  Result<net::ClientRequest> request_for(Flight& flight) const;

  void finish(const std::string& key, Row row, DeliveryState state);
  void bury(const std::string& key, Row row);
  void remember(Row row, const Destination& to, std::string memory, Served& served);
  TimeMs commit();

  Ledger& ledger_;
  const EvenClock clock_;
  net::Calls& calls_;
  Logger logger_;
  telemetry::Registry& telemetry_;
  std::mt19937_64 random_;
  Heartbeats heartbeats_;
  Quiet quiet_;

  std::shared_ptr<const Plan> plan_;
  std::map<std::string, Served> served_;
  std::map<std::uint64_t, Flight> flights_;
  std::uint64_t next_call_ = 1;
  bool decided_ = false;           ///< since the last commit, something must be on stable storage
  std::vector<Outcome> outcomes_;  ///< not committed yet
  std::vector<Outcome> told_;
};

}  // namespace vitals::notify
