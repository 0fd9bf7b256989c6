#include <atomic>
#include <random>
#include <string_view>
#include <utility>

#include <vitals/base/guarded.h>
#include <vitals/notify/alert_json.h>
#include <vitals/notify/outbox.h>

#include "ledger.h"
#include "listing.h"
#include "plan.h"
#include "replay.h"
#include "rounds.h"

namespace vitals::notify {
namespace {

/// Two notices of an incident that say different things have different ids.
std::string id_of(const Notice& notice) {
  std::string id = notice.alert.id + "-" + to_string(notice.event);
  if (notice.event == Event::escalated) id += "-" + std::to_string(notice.alert.escalations);
  if (notice.event == Event::acknowledged) id += "-" + std::to_string(notice.alert.acknowledged_at);
  return id;
}

class StoredOutbox final : public Outbox {
 public:
  struct Parts {
    store::Store& store;
    const Clock& clock;
    net::Calls& calls;
    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<Rounds> rounds;
    std::shared_ptr<const Plan> plan;
  };
  explicit StoredOutbox(Parts parts)
      : store_(parts.store),
        clock_(parts.clock),
        calls_(parts.calls),
        table_(parts.ledger->table()),
        ledger_(std::move(parts.ledger)),
        next_number_(ledger_->next_number()),
        heartbeats_(parts.rounds->heartbeats()),
        quiet_(parts.rounds->quiet()),
        plan_(std::move(parts.plan)),
        states_(parts.rounds->states()),
        rounds_(std::move(parts.rounds)) {}

  void enqueue(const Notice& notice, store::WriteBatch& changes) override;
  void request_action(const model::Alert& alert, store::WriteBatch& changes) override;
  void on_action_done(std::function<void(const std::string&, const std::string&)> told) override {
    action_done_ = std::move(told);
  }
  void keep_quiet(const std::string& alert, bool quiet) override { quiet_.set(alert, quiet); }
  void alive(TimeMs now) override { heartbeats_.alive(now); }
  TimeMs deliver() override;
  Status configure(Options options) override;
  Result<std::vector<Delivery>> deliveries(const DeliveryFilter& filter) const override {
    return list(store_, table_, filter);
  }
  Result<Replayed> replay(const Replay& replay) override;
  Result<std::uint64_t> forget(const model::Persons& persons) override;
  Result<bool> purge() override { return store_.purge(table_, {}, {}); }
  std::vector<ReceiverState> receivers() const override {
    return states_.with([](const auto& states) { return states; });
  }

 private:
  std::shared_ptr<const Plan> plan() const {
    return plan_.with([](const auto& plan) { return plan; });
  }
  void add(const Row& row, std::string_view told, store::WriteBatch& changes) {
    changes.put(table_, numbered_key(Space::waiting, next_number_++), encode(row, told));
  }

  store::Store& store_;
  const Clock& clock_;
  net::Calls& calls_;
  const store::Table table_;
  const std::unique_ptr<Ledger> ledger_;  ///< of rounds_, under its lock
  std::uint64_t next_number_;             ///< the spine's
  std::function<void(const std::string&, const std::string&)> action_done_;
  Heartbeats& heartbeats_;  ///< of rounds_; only alive() without its lock
  Quiet& quiet_;            ///< of rounds_; needs no lock but its own
  // Apart from the rounds, so that nobody who reads these waits for them.
  Guarded<std::shared_ptr<const Plan>> plan_;
  Guarded<std::vector<ReceiverState>> states_;  ///< after the last round
  Guarded<std::unique_ptr<Rounds>> rounds_;
};

void StoredOutbox::enqueue(const Notice& notice, store::WriteBatch& changes) {
  const auto plan = this->plan();
  std::string told;  // the same for all of them
  Row row;
  row.delivery.alert = notice.alert.id;
  row.delivery.event = to_string(notice.event);
  row.delivery.id = id_of(notice);
  row.delivery.created_at = row.queued_at = clock_.now_ms();
  for (Recipient& to : recipients(plan->options.routes, notice.alert, row.delivery.created_at)) {
    const Destination* const known = plan->find(to.receiver);
    if (known == nullptr || !known->channel->wants(notice.event)) continue;
    const bool grouped = !to.group.empty() && known->channel->groups();
    row.delivery.receiver = std::move(to.receiver);
    row.delivery.next_try_at = row.delivery.created_at + (grouped ? to.group_wait_ms : 0);
    row.group = grouped ? std::move(to.group) : std::string();
    row.repeat_ms = to.repeat_ms;
    if (told.empty()) told = encode(notice.alert);
    add(row, told, changes);
  }
}

void StoredOutbox::request_action(const model::Alert& alert, store::WriteBatch& changes) {
  Row row;
  row.delivery.alert = alert.id;
  row.delivery.event = "action";
  // A dry run and the real one after it, or another after a failure, are not repeats of each other.
  row.delivery.id =
      alert.id + "-action-" + alert.action->name + "-" + std::to_string(alert.updated_at);
  row.delivery.receiver = destination_of_action(alert.action->name);
  row.delivery.created_at = row.queued_at = row.delivery.next_try_at = clock_.now_ms();
  changes.erase(table_, action_key(alert.id));  // what became of an earlier one
  add(row, encode(alert), changes);
}

TimeMs StoredOutbox::deliver() {
  TimeMs next = 0;
  std::vector<Rounds::Outcome> outcomes;
  std::vector<ReceiverState> states;
  rounds_.with([&](auto& rounds) {
    next = rounds->run();
    outcomes = rounds->take_outcomes();
    states = rounds->states();
  });
  states_.with([&](auto& published) { published = std::move(states); });
  for (const auto& [incident, error] : outcomes) {
    if (action_done_) action_done_(incident, error);
  }
  return next;
}

Status StoredOutbox::configure(Options options) {
  if (auto status = validate(options); !status) return status;
  const auto plan = std::make_shared<const Plan>(std::move(options));
  rounds_.with([&](auto& rounds) {
    rounds->use(plan);
    (void)ledger_->commit(store::Sync::no);  // what it refuses now, the next round asks again
  });
  plan_.with([&plan](auto& current) { current = plan; });
  calls_.wake();
  return {};
}

Result<Replayed> StoredOutbox::replay(const Replay& replay) {
  const auto plan = this->plan();
  auto replaying = Replaying::prepare(store_, table_, *plan, replay);
  if (!replaying) return std::move(replaying).error();
  while (!replaying->done()) {  // in parts, so that the courier goes on meanwhile
    const Status status = rounds_.with(
        [&](auto& rounds) { return replaying->go_on(*ledger_, *rounds, clock_.now_ms()); });
    calls_.wake();
    if (!status) return status.error();
  }
  return replaying->replayed();
}

Result<std::uint64_t> StoredOutbox::forget(const model::Persons& persons) {
  return rounds_.with([&](auto& rounds) {
    rounds->forget(persons);
    return ledger_->forget(persons);
  });
}

}  // namespace

const char* to_string(DeliveryState state) {
  switch (state) {
    case DeliveryState::waiting:
      return "waiting";
    case DeliveryState::delivered:
      return "delivered";
    case DeliveryState::dead:
      return "dead";
  }
  return "";
}

const char* to_string(Event event) {
  switch (event) {
    case Event::firing:
      return "firing";
    case Event::escalated:
      return "escalated";
    case Event::acknowledged:
      return "acknowledged";
    case Event::resolved:
      return "resolved";
  }
  return "";
}

const char* to_string(ReceiverState::Circuit circuit) {
  switch (circuit) {
    case ReceiverState::Circuit::closed:
      return "closed";
    case ReceiverState::Circuit::open:
      return "open";
    case ReceiverState::Circuit::half_open:
      return "half_open";
  }
  return "";
}

Result<std::unique_ptr<Outbox>> Outbox::open(store::Store& store, const Clock& clock,
                                             Options options, net::Calls& calls, Logger logger,
                                             telemetry::Registry& telemetry) {
  if (auto status = validate(options); !status) return std::move(status).error();
  auto ledger = Ledger::open(store, logger);
  if (!ledger) return std::move(ledger).error();
  const std::uint64_t seed =
      options.jitter_seed != 0 ? options.jitter_seed : std::random_device{}();
  auto plan = std::make_shared<const Plan>(std::move(options));
  auto rounds =
      std::make_unique<Rounds>(**ledger, clock, calls, std::move(logger), telemetry, seed);
  if (auto resumed = rounds->resume(plan); !resumed) return std::move(resumed).error();
  if (auto status = (*ledger)->commit(store::Sync::no); !status) return std::move(status).error();
  return std::unique_ptr<Outbox>(std::make_unique<StoredOutbox>(StoredOutbox::Parts{
      store, clock, calls, *std::move(ledger), std::move(rounds), std::move(plan)}));
}

}  // namespace vitals::notify
