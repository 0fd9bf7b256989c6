#include "erasing.h"

#include <algorithm>
#include <utility>

#include <vitals/base/clock.h>
#include <vitals/base/time_text.h>
#include <vitals/registry/disguise.h>
#include <vitals/registry/waiting_signals.h>

namespace vitals::pipeline {
namespace {

constexpr events::Position kEnd = std::numeric_limits<events::Position>::max();

}  // namespace

Result<ErasureProof> Erasing::erase(const model::Persons::Names& users) {
  registry::Erasure erasure;
  erasure.asked_at = parts_.clock.now_ms();
  erasure.id = ids_.next(erasure.asked_at);
  erasure.before = parts_.log.end();
  erasure.persons.users = users;
  if (Status saved = save(erasure); !saved) return std::move(saved).error();
  parts_.logger->info("erasure {} of one user begins", erasure.id);
  return finish(erasure);
}

Result<bool> Erasing::resume() {
  const auto book = registry::Erasures::open(parts_.store);
  if (!book) return book.error();
  auto left = book->all();
  if (!left) return left.error();
  bool gone = true;
  for (registry::Erasure& erasure : *left) {
    const auto proof = finish(erasure);
    if (!proof) return proof.error();
    gone = gone && proof->files_gone;
  }
  return !gone;
}

Status Erasing::save(const registry::Erasure& erasure) {
  const auto book = registry::Erasures::open(parts_.store);
  if (!book) return book.error();
  store::WriteBatch changes;
  book->put(erasure, changes);
  return parts_.store.commit(changes, store::Sync::yes);
}

Result<ErasureProof> Erasing::finish(registry::Erasure& erasure) {
  const auto book = registry::Erasures::open(parts_.store);
  if (!book) return book.error();
  ErasureProof proof;
  proof.id = erasure.id;
  proof.asked_at = erasure.asked_at;
  first_block_ = kEnd;
  last_block_ = 0;
  days_.clear();
  const bool resumed = erasure.rewritten || erasure.sessions_known;
  if (!erasure.rewritten) {
    if (Status done = rewrite(erasure, proof); !done) return std::move(done).error();
    // Nothing is left to be found, so the names themselves can go, and the key by which old ids
    // could be tried. Only now, and synced after all that was not.
    erasure.persons = {};
    erasure.id_key.reset();
    erasure.rewritten = true;
    if (Status saved = save(erasure); !saved) return std::move(saved).error();
    purge_begun_ = false;
  }
  if (!std::exchange(purge_begun_, true)) parts_.store.begin_purge();
  const Result<bool> gone = purge(resumed);
  if (!gone) return gone.error();
  proof.files_gone = *gone;
  if (proof.files_gone) {
    store::WriteBatch changes;
    book->remove(erasure.id, changes);
    if (Status saved = parts_.store.commit(changes, store::Sync::yes); !saved) {
      return std::move(saved).error();
    }
  }
  proof.done_at = parts_.clock.now_ms();
  if (proof.files_gone || !resumed) log(proof);
  return proof;
}

Status Erasing::rewrite(registry::Erasure& erasure, ErasureProof& proof) {
  // Cells must hold the events before they can be told to forget whose they were.
  if (Status folded = upkeep_.fold_through(erasure.before); !folded) return folded;
  if (!erasure.id_key) {
    if (Status made = make_key(erasure); !made) return made;
  }
  if (!erasure.sessions_known) {
    if (Status found = find_sessions(erasure, proof); !found) return found;
  }
  proof.sessions = erasure.persons.sessions.size();
  const model::Disguise disguise = registry::make_disguise(*erasure.id_key);
  const Part asked{erasure.persons, 0, erasure.before};
  if (Status done = rewrite_blocks(asked, disguise, proof); !done) return done;
  if (Status rebuilt = upkeep_.rebuild_cells(); !rebuilt) return rebuilt;
  if (Status forgotten = upkeep_.forget_names(); !forgotten) return forgotten;
  if (parts_.others.forget) {
    const auto others = parts_.others.forget(erasure.persons);
    if (!others) return others.error();
    proof.alerts = others->alerts;
    proof.deliveries = others->deliveries;
  }
  return rewrite_newer(erasure, proof);
}

/// Feedback that was on its way to executions of theirs has come meanwhile, with what these had.
/// And executions of theirs have, which may be resent: their ids must not become what those of the
/// first ones are, so they have a disguise of their own, with what was said of them.
Status Erasing::rewrite_newer(const registry::Erasure& erasure, ErasureProof& proof) {
  const Part newer{erasure.persons, erasure.before, parts_.log.end()};
  if (newer.first == newer.end) return {};
  if (Status folded = upkeep_.fold_through(newer.end); !folded) return folded;
  const auto came = executions_of(newer);
  if (!came) return came.error();
  const auto key = registry::make_disguise_key();
  if (!key) return key.error();
  const auto disguise = [&came, of_before = registry::make_disguise(*erasure.id_key),
                         of_those = registry::make_disguise(*key)](std::string_view row_id) {
    const bool one_of_those = came->find(model::execution_id_of(row_id)) != came->end();
    return one_of_those ? of_those(row_id) : of_before(row_id);
  };
  if (Status done = rewrite_blocks(newer, disguise, proof); !done) return done;
  if (Status rebuilt = upkeep_.rebuild_cells(); !rebuilt) return rebuilt;
  return upkeep_.forget_names();
}

Status Erasing::make_key(registry::Erasure& erasure) {
  const auto key = registry::make_disguise_key();
  if (!key) return key.error();
  erasure.id_key = *key;
  return save(erasure);
}

Status Erasing::look(events::ScanRequest request, const Visitor& visitor) const {
  request.columns.add(model::Label::user);
  request.columns.add(model::Label::session);
  const events::LogView view(parts_.log, parts_.store.snapshot());
  const auto blocks = view.blocks(request);
  if (!blocks) return blocks.error();
  for (const events::LogView::BlockInfo& info : *blocks) {
    const auto block = view.read(info.first, request.columns);
    if (!block && block.error().code == Errc::corruption) continue;   // told when it is rewritten
    if (!block && block.error().code == Errc::unavailable) continue;  // expired meanwhile
    if (!block) return block.error();
    visitor(block->rows, events::rows_within(*block, request));
  }
  return {};
}

/// Before any of them is rewritten: afterwards nothing says any more whose they were.
Status Erasing::find_sessions(registry::Erasure& erasure, ErasureProof& proof) {
  model::Persons::Names users;
  model::Persons& persons = erasure.persons;
  const auto find = [&](const model::ExecutionBatch& batch, std::span<const std::uint32_t> rows) {
    const auto& user = batch[model::Label::user];
    const auto& session = batch[model::Label::session];
    for (const std::uint32_t row : rows) {
      const auto name = persons.users.find(user.at(row));
      if (name == persons.users.end()) continue;
      users.insert(*name);
      if (!session.at(row).empty()) persons.sessions.emplace(session.at(row));
    }
  };
  events::ScanRequest request;
  request.end = erasure.before;
  if (Status looked = look(request, find); !looked) return looked;
  proof.users = users.size();
  erasure.sessions_known = true;
  return save(erasure);
}

/// Their ids.
Result<std::set<std::string, std::less<>>> Erasing::executions_of(const Part& part) const {
  std::set<std::string, std::less<>> ids;
  const auto find = [&](const model::ExecutionBatch& batch, std::span<const std::uint32_t> rows) {
    const std::vector<std::uint32_t> theirs = model::rows_of(batch, part.persons).whole;
    for (const std::uint32_t row : rows) {
      const bool is_theirs = std::binary_search(theirs.begin(), theirs.end(), row);
      if (is_theirs && batch.is_execution(row)) ids.emplace(batch.ids.at(row));
    }
  };
  events::ScanRequest request;
  request.first = part.first;
  request.end = part.end;
  request.columns.ids = true;
  if (Status looked = look(request, find); !looked) return std::move(looked).error();
  return ids;
}

Status Erasing::rewrite_blocks(const Part& asked, const model::Disguise& disguise,
                               ErasureProof& proof) {
  for (events::Position next = asked.first; next < asked.end;) {
    store::WriteBatch changes;
    const auto part = parts_.log.anonymize(asked.persons, disguise, next, asked.end, changes);
    if (!part) return part.error();
    for (const TimeMs day : part->days) parts_.rollups.mark_dirty(changes, day, day);
    if (!changes.empty()) {
      if (Status saved = parts_.store.commit(changes, store::Sync::yes); !saved) return saved;
    }
    next = part->next;
    proof.executions += part->rows - part->signals;
    proof.signals += part->signals;
    proof.session_only += part->session_only;
    proof.blocks += part->blocks;
    proof.unreadable_blocks += part->unreadable;
    proof.from_ms = std::min(proof.from_ms, part->from_ms);
    proof.to_ms = std::max(proof.to_ms, part->to_ms);
    first_block_ = std::min(first_block_, part->first_block);
    last_block_ = std::max(last_block_, part->last_block);
    days_.insert(part->days.begin(), part->days.end());
  }
  const TimeMs kept_since = parts_.log.kept_since(parts_.clock.now_ms());
  proof.days_kept = proof.days = 0;
  for (const TimeMs day : days_) (day < kept_since ? proof.days_kept : proof.days) += 1;
  return {};
}

Result<bool> Erasing::purge(bool everything) {
  bool gone = true;
  const auto note = [&gone](const Result<bool>& purged) {
    gone = gone && purged.ok() && *purged;
    return purged.ok() ? Status() : Status(purged.error());
  };
  if (everything || first_block_ <= last_block_) {
    const auto blocks =
        everything ? parts_.log.purge(0, kEnd) : parts_.log.purge(first_block_, last_block_);
    if (Status purged = note(blocks); !purged) return std::move(purged).error();
    const auto cells = everything ? parts_.rollups.purge(0, parts_.clock.now_ms() + kDayMs)
                                  : parts_.rollups.purge(*days_.begin(), *days_.rbegin());
    if (Status purged = note(cells); !purged) return std::move(purged).error();
  }
  if (parts_.others.purge) {
    if (Status purged = note(parts_.others.purge()); !purged) return std::move(purged).error();
  }
  const auto waiting = registry::WaitingSignals::open(parts_.store);
  if (!waiting) return waiting.error();
  if (Status purged = note(waiting->purge()); !purged) return std::move(purged).error();
  const auto book = registry::Erasures::open(parts_.store);
  if (!book) return book.error();
  // Last: its record named them until a moment ago.
  if (Status purged = note(parts_.store.purge(book->table(), {}, {})); !purged) {
    return std::move(purged).error();
  }
  return gone;
}

void Erasing::log(const ErasureProof& proof) const {
  parts_.logger->info(
      "erasure {} is done: {} executions in {} blocks are nobody's, {} lost a session, cells of {} "
      "days computed again{}",
      proof.id, proof.executions, proof.blocks, proof.session_only, proof.days,
      proof.files_gone ? "" : "; files of before go when nobody reads them any more");
}

}  // namespace vitals::pipeline
