#include <algorithm>
#include <atomic>
#include <limits>
#include <optional>
#include <random>
#include <utility>

#include <vitals/base/guarded.h>
#include <vitals/notify/outbox.h>

#include "archive.h"
#include "attempt.h"
#include "lanes.h"
#include "retry.h"
#include "row.h"
#include "webhook/message.h"

namespace vitals::notify {
namespace {

constexpr TimeMs kNothingWaits = std::numeric_limits<TimeMs>::max();

/// What a running outbox starts from.
struct Opened {
  store::Table table;
  std::uint64_t next_sequence = 0;
  std::vector<std::string> receivers;  ///< that have rows waiting
};

Result<Opened> survey(store::Store& store) {
  const auto table = store.table("outbox");
  if (!table) return table.error();
  Opened opened{*table, 0, {}};
  const std::string prefix(1, static_cast<char>(Space::waiting));
  const auto snapshot = store.snapshot();
  const auto cursor = snapshot->scan(*table, prefix, end_of(prefix));
  for (; cursor->valid(); cursor->next()) {
    opened.next_sequence = std::max(opened.next_sequence, number_of(cursor->key()) + 1);
    std::string receiver = receiver_of(cursor->key());
    if (opened.receivers.empty() || opened.receivers.back() != receiver) {
      opened.receivers.push_back(std::move(receiver));
    }
  }
  if (auto status = cursor->status(); !status) return std::move(status).error();
  return opened;
}

/// The limit may have been lowered.
Status trim(store::Store& store, const Archive& log, const Archive& dead, const Options& options) {
  store::WriteBatch changes;
  log.trim(options.log_entries_max, changes);
  dead.trim(options.log_entries_max, changes);
  if (changes.empty()) return {};
  return store.commit(changes, store::Sync::no);
}

class StoredOutbox final : public Outbox {
 public:
  StoredOutbox(store::Store& store, const Clock& clock, net::Client& client, Logger logger,
               const Opened& opened, Archive log, Archive dead, Lanes lanes, std::size_t count,
               std::uint64_t seed)
      : store_(store),
        clock_(clock),
        client_(client),
        logger_(std::move(logger)),
        table_(opened.table),
        next_sequence_(opened.next_sequence),
        log_(std::move(log)),
        dead_(std::move(dead)),
        lanes_(std::move(lanes)) {
    for (std::size_t lane = 0; lane < count; ++lane) random_.emplace_back(seed + lane);
  }

  void enqueue(const Notice& notice, store::WriteBatch& changes) override;
  void request_action(const model::Alert& /*alert*/, store::WriteBatch& /*changes*/) override {}
  void on_action_done(
      std::function<void(const std::string&, const std::string&)> /*told*/) override {}
  void alive(TimeMs /*now*/) override {}
  std::size_t lanes() const override { return random_.size(); }
  TimeMs deliver(std::size_t lane) override;
  Status configure(Options options) override;
  Result<std::vector<Delivery>> deliveries(std::uint32_t limit) const override;

 private:
  using Entry = LanePlan::Entry;
  struct Waiting {
    std::string key;
    Result<Row> row;
  };

  Result<std::optional<Waiting>> oldest(const std::string& receiver) const;
  TimeMs serve(const Entry& entry, const Options& options, std::mt19937_64& random);
  TimeMs send(const Entry& entry, const Options& options, std::string_view key, Row row,
              std::mt19937_64& random);
  TimeMs finish(const Options& options, std::string_view key, Row row, DeliveryState state);
  TimeMs bury(const Entry& entry, const Options& options, std::string_view key, Row row);
  TimeMs commit(const store::WriteBatch& changes, store::Sync sync, const Options& options,
                TimeMs next);
  Status collect(Space space, std::uint32_t limit, std::vector<Delivery>& out) const;

  store::Store& store_;
  const Clock& clock_;
  net::Client& client_;
  Logger logger_;
  store::Table table_;
  std::atomic<std::uint64_t> next_sequence_;
  Archive log_;
  Archive dead_;
  Guarded<Lanes> lanes_;
  std::vector<std::mt19937_64> random_;  ///< one per lane, used by its thread only
};

void StoredOutbox::enqueue(const Notice& notice, store::WriteBatch& changes) {
  const model::Alert& alert = notice.alert;
  const auto options = lanes_.with([](const Lanes& lanes) { return lanes.options(); });
  const TimeMs now = clock_.now_ms();
  Row row;
  row.delivery.alert = alert.id;
  row.delivery.event = to_string(notice.event);
  row.delivery.id = alert.id + "-" + row.delivery.event;
  row.delivery.created_at = row.delivery.next_try_at = now;
  row.body = webhook::body_of(alert, row.delivery.event, now);
  for (Recipient& recipient : recipients(options->routes, notice, now)) {
    row.delivery.receiver = std::move(recipient.receiver);
    changes.put(table_, waiting_key(row.delivery.receiver, next_sequence_++), encode(row));
  }
}

TimeMs StoredOutbox::deliver(std::size_t lane) {
  const auto plan = lanes_.with([lane](const Lanes& lanes) { return lanes.plan(lane); });
  TimeMs next = kNothingWaits;
  for (const Entry& entry : plan->entries) {
    next = std::min(next, serve(entry, *plan->options, random_[lane]));
  }
  return next;
}

/// The oldest row that waits for a receiver. The snapshot is not kept while it is sent.
Result<std::optional<StoredOutbox::Waiting>> StoredOutbox::oldest(
    const std::string& receiver) const {
  const std::string prefix = waiting_prefix(receiver);
  const auto snapshot = store_.snapshot();
  const auto cursor = snapshot->scan(table_, prefix, end_of(prefix));
  if (cursor->valid()) {
    return std::optional(Waiting{std::string(cursor->key()), decode(cursor->value())});
  }
  if (auto status = cursor->status(); !status) return std::move(status).error();
  return std::optional<Waiting>();
}

/// One look at the oldest notification of one receiver; returns when to look again.
TimeMs StoredOutbox::serve(const Entry& entry, const Options& options, std::mt19937_64& random) {
  auto found = oldest(entry.name);
  if (!found) {
    logger_->error("cannot read the outbox: {}", found.error().message);
    return clock_.now_ms() + options.retry_min_ms;
  }
  if (!found->has_value()) return kNothingWaits;
  const std::string& key = (*found)->key;
  Result<Row>& row = (*found)->row;
  if (!row) {
    Row unreadable;
    unreadable.delivery.receiver = entry.name;
    unreadable.delivery.last_error = row.error().message;
    return bury(entry, options, key, std::move(unreadable));
  }
  if (entry.receiver == nullptr) {
    row->delivery.last_error = "the receiver is not configured any more";
    return bury(entry, options, key, *std::move(row));
  }
  if (row->delivery.next_try_at > clock_.now_ms()) return row->delivery.next_try_at;
  return send(entry, options, key, *std::move(row), random);
}

TimeMs StoredOutbox::send(const Entry& entry, const Options& options, std::string_view key, Row row,
                          std::mt19937_64& random) {
  Delivery& delivery = row.delivery;
  const auto request =
      webhook::request_for(std::get<WebhookTarget>(entry.receiver->target),
                           entry.receiver->timeout_ms, delivery.id, row.body, clock_.now_ms());
  const Result<net::ClientAnswer> answer =
      request ? client_.call(*request) : Result<net::ClientAnswer>(request.error());
  const TimeMs now = clock_.now_ms();
  const Attempt attempt = judge(answer, now);
  ++delivery.attempts;
  if (attempt.verdict == Attempt::Verdict::delivered) {
    entry.counters.delivered.add();
    return finish(options, key, std::move(row), DeliveryState::delivered);
  }
  entry.counters.failed.add();
  delivery.last_error = attempt.error;
  const TimeMs deadline = delivery.created_at + options.give_up_ms;
  if (attempt.verdict == Attempt::Verdict::refused_for_good || now >= deadline) {
    return bury(entry, options, key, std::move(row));
  }
  if (delivery.attempts == 1) {
    logger_->warn("notification {} to '{}' failed, will be tried again: {}", delivery.id,
                  entry.name, delivery.last_error);
  }
  const TimeMs backed_off = now + backoff_ms(options, delivery.attempts, random);
  delivery.next_try_at = std::min(std::max(backed_off, attempt.not_before.value_or(0)), deadline);
  store::WriteBatch changes;
  changes.put(table_, key, encode(row));
  return commit(changes, store::Sync::no, options, delivery.next_try_at);
}

TimeMs StoredOutbox::bury(const Entry& entry, const Options& options, std::string_view key,
                          Row row) {
  entry.counters.dead.add();
  logger_->error("notification {} to '{}' given up after {} tries: {}", row.delivery.id, entry.name,
                 row.delivery.attempts, row.delivery.last_error);
  return finish(options, key, std::move(row), DeliveryState::dead);
}

TimeMs StoredOutbox::finish(const Options& options, std::string_view key, Row row,
                            DeliveryState state) {
  row.delivery.state = state;
  row.delivery.next_try_at = 0;
  row.delivery.done_at = clock_.now_ms();
  store::WriteBatch changes;
  changes.erase(table_, key);
  if (state == DeliveryState::dead) {
    dead_.add(row, options.log_entries_max, changes);
  } else {
    row.body.clear();
    log_.add(row, options.log_entries_max, changes);
  }
  return commit(changes, store::Sync::yes, options, row.delivery.done_at);
}

/// Returns `next`, or later when the store takes nothing: then the try is repeated, with its id.
TimeMs StoredOutbox::commit(const store::WriteBatch& changes, store::Sync sync,
                            const Options& options, TimeMs next) {
  const Status status = store_.commit(changes, sync);
  if (status) return next;
  logger_->error("cannot write the outbox: {}", status.error().message);
  return std::max(next, clock_.now_ms() + options.retry_min_ms);
}

Status StoredOutbox::configure(Options options) {
  if (auto status = validate(options); !status) return status;
  if (auto status = trim(store_, log_, dead_, options); !status) return status;
  lanes_.with([&options](Lanes& lanes) { lanes.configure(std::move(options), {}); });
  return {};
}

Status StoredOutbox::collect(Space space, std::uint32_t limit, std::vector<Delivery>& out) const {
  const std::string prefix(1, static_cast<char>(space));
  const auto snapshot = store_.snapshot();
  const auto cursor = snapshot->scan(table_, prefix, end_of(prefix), store::Direction::backward);
  for (std::uint32_t n = 0; cursor->valid() && n < limit; cursor->next(), ++n) {
    auto row = decode(cursor->value());
    if (!row) return std::move(row).error();
    out.push_back(std::move(row->delivery));
  }
  return cursor->status();
}

Result<std::vector<Delivery>> StoredOutbox::deliveries(std::uint32_t limit) const {
  std::vector<Delivery> all;
  constexpr auto kEverything = std::numeric_limits<std::uint32_t>::max();  // sorted by receiver
  if (auto status = collect(Space::waiting, kEverything, all); !status) return status.error();
  if (auto status = collect(Space::dead, limit, all); !status) return status.error();
  if (auto status = collect(Space::log, limit, all); !status) return status.error();
  std::stable_sort(all.begin(), all.end(), [](const Delivery& a, const Delivery& b) {
    return a.created_at > b.created_at;
  });
  if (all.size() > limit) all.resize(limit);
  return all;
}

}  // namespace

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

Result<std::unique_ptr<Outbox>> Outbox::open(store::Store& store, const Clock& clock,
                                             Options options, net::Client& client, Logger logger,
                                             telemetry::Registry& telemetry) {
  if (auto status = validate(options); !status) return std::move(status).error();
  const auto opened = survey(store);
  if (!opened) return opened.error();
  auto log = Archive::open(store, opened->table, Space::log);
  if (!log) return std::move(log).error();
  auto dead = Archive::open(store, opened->table, Space::dead);
  if (!dead) return std::move(dead).error();
  if (auto status = trim(store, *log, *dead, options); !status) return std::move(status).error();

  const std::size_t count = options.lanes;
  const std::uint64_t seed =
      options.jitter_seed != 0 ? options.jitter_seed : std::random_device{}();
  Lanes lanes(count, telemetry);
  lanes.configure(std::move(options), opened->receivers);
  return std::unique_ptr<Outbox>(std::make_unique<StoredOutbox>(
      store, clock, client, std::move(logger), *opened, *std::move(log), *std::move(dead),
      std::move(lanes), count, seed));
}

}  // namespace vitals::notify
