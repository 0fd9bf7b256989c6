#include "person_upkeep.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <vitals/registry/disguise.h>
#include <vitals/series/cell_view.h>

namespace vitals::pipeline {
namespace {

/// An event may be stored so long after its pseudonyms were made, or be so far ahead of the clock.
constexpr DurationMs kUnderWayMs = kHourMs;

/// Each time costs reading the log's index, and compacting what was rewritten.
constexpr DurationMs kPassEveryMs = kHourMs;

/// Cells tell of these as long as they live.
model::Persons::Names tags_of(const std::vector<std::string>& dimensions) {
  model::Persons::Names tags;
  for (const std::string& field : dimensions) {
    if (field.starts_with("tags.")) tags.insert(field);
  }
  return tags;
}

}  // namespace

PersonUpkeep::PersonUpkeep(const MaintenanceParts& parts, const Options& options,
                           std::function<Status()> forget_names)
    : parts_(parts), options_(options), forget_names_(std::move(forget_names)) {
  const registry::Pseudonyms& keys = parts.pseudonyms;  // of which copies see the same
  parts.telemetry.gauge_from("vitals_pseudonym_keys_retired",
                             "Retired keys of pseudonyms that are kept.",
                             [keys] { return static_cast<double>(keys.retired_keys()); });
  parts.telemetry.gauge_from(
      "vitals_pseudonym_key_made_timestamp_seconds",
      "When the current key of pseudonyms was made; 0 when its file does not tell.",
      [keys] { return static_cast<double>(keys.key_since()) / 1'000; });
}

Status PersonUpkeep::keep_keys(TimeMs now) {
  // First: where there is no room for a further retired key, this is what makes some.
  Status forgotten = forget_keys(now);
  Status rotated = rotate_key(now);
  return forgotten ? rotated : forgotten;
}

Status PersonUpkeep::rotate_key(TimeMs now) {
  registry::Pseudonyms& pseudonyms = parts_.pseudonyms;
  const DurationMs every_ms = options_.rotate_key_every_ms;
  if (every_ms <= 0 || now - pseudonyms.key_since() < every_ms) return {};
  const auto kept = pseudonyms.rotate(now);
  if (!kept) return kept.error();
  parts_.logger->info("pseudonym key rotated, as its time was up; retired keys kept: {}", *kept);
  return {};
}

Status PersonUpkeep::forget_keys(TimeMs now) {
  // What is older than the oldest event is gone. Feedback has the time of its execution, so it is
  // older than the key's retirement, too; interactions may have waited for theirs.
  const auto oldest = parts_.log.oldest();
  if (!oldest) return oldest.error();
  const DurationMs linger_ms = options_.signal_wait_ms + kUnderWayMs;
  const auto gone = parts_.pseudonyms.drop_retired(std::min(now, *oldest) - linger_ms);
  if (!gone) return gone.error();
  if (*gone > 0) {
    parts_.logger->info("retired pseudonym keys forgotten, as their events are gone: {}", *gone);
  }
  return {};
}

Result<PersonUpkeep::Pass> PersonUpkeep::take_pass() {
  if (auto pass = std::exchange(pass_, std::nullopt)) return *std::move(pass);
  const auto key = registry::make_disguise_key();
  if (!key) return key.error();
  Pass pass;
  pass.disguise = registry::make_disguise(*key);
  return pass;
}

Result<std::uint64_t> PersonUpkeep::forget_old(TimeMs now) {
  const DurationMs retention_ms = options_.personal_retention_ms;
  if (retention_ms == events::kForever) return std::uint64_t{0};
  if (!pass_ && now - last_pass_ < kPassEveryMs && now >= last_pass_) return std::uint64_t{0};
  auto taken = take_pass();  // after an error there is none under way
  if (!taken) return std::move(taken).error();
  Pass& pass = *taken;
  last_pass_ = now;
  // Cells must have had the events: they count users and sessions. Those that are to be made anew
  // must have them once more.
  const events::Position before = parts_.rollups.watermark();
  const auto stale = series::CellView(parts_.rollups, parts_.store.snapshot()).stale();
  if (!stale) return stale.error();
  const auto is_stale = [&stale](TimeMs first_ms, TimeMs last_ms) {
    return std::any_of(stale->begin(), stale->end(), [=](const series::CellView::Stale& span) {
      return first_ms < span.to_ms && last_ms >= span.from_ms;
    });
  };
  store::WriteBatch changes;
  const auto part =
      parts_.log.anonymize_old(now - retention_ms, tags_of(parts_.rollups.options().dimensions),
                               pass.disguise, is_stale, pass.next, before, changes);
  if (!part) return part.error();
  if (part->blocks > 0) {
    if (Status saved = parts_.store.commit(changes, store::Sync::yes); !saved) {
      return std::move(saved).error();
    }
  }
  pass.next = part->next;
  pass.rows += part->rows;
  pass.unreadable += part->unreadable;
  unpurged_.first = std::min(unpurged_.first, part->first_block);
  unpurged_.last = std::max(unpurged_.last, part->last_block);
  if (pass.next < before) {
    pass_ = std::move(pass);
    return std::uint64_t{1};
  }
  if (Status ended = end_pass(pass); !ended) return std::move(ended).error();
  return std::uint64_t{0};
}

Status PersonUpkeep::end_pass(const Pass& pass) {
  if (pass.rows > 0) {
    parts_.logger->info("{} events are nobody's now, as privacy.retention has passed", pass.rows);
  }
  if (unpurged_.first <= unpurged_.last) {
    if (Status forgotten = forget_names_(); !forgotten) return forgotten;
    parts_.store.begin_purge();
    const auto purged = parts_.log.purge(unpurged_.first, unpurged_.last);
    if (!purged) return purged.error();
    if (*purged) unpurged_ = {};  // else somebody reads what was there before: in an hour
  }
  if (pass.unreadable == 0) return {};
  return Error{Errc::corruption, std::to_string(pass.unreadable) +
                                     " damaged blocks keep what they hold of people: `vitalsctl "
                                     "verify` names them"};
}

}  // namespace vitals::pipeline
