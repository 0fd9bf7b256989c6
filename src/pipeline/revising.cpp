#include "revising.h"

#include <utility>

#include <vitals/model/assessment.h>

namespace vitals::pipeline {
namespace {

/// What a call of EventLog::revise() did, which counts when it is committed.
struct Done {
  Revisions outcome;
  std::vector<bool> seen;  ///< by place of the revision
};

class Reviser {
 public:
  Reviser(std::span<const Revision> revisions, TimeMs kept_since, Done& done)
      : revisions_(revisions), kept_since_(kept_since), done_(done) {}

  std::vector<std::uint32_t> operator()(model::ExecutionBatch& rows,
                                        std::span<const events::EventLog::RowAt> at) {
    std::vector<model::AssessedRow> assessed;
    for (const auto& [row, which] : at) {
      const Revision& revision = revisions_[which];
      if (rows.ids.at(row) != revision.row_id || day_of(rows.time_ms[row]) < kept_since_) continue;
      done_.seen[which] = true;
      std::vector<model::Assessment> opinions = model::opinions_at(rows, row);
      if (add(revision, opinions)) assessed.push_back({row, std::move(opinions)});
    }
    std::vector<std::uint32_t> changed;
    changed.reserve(assessed.size());
    for (const model::AssessedRow& one : assessed) changed.push_back(one.row);
    if (!assessed.empty()) model::set_assessments(rows, assessed);
    return changed;
  }

 private:
  static TimeMs day_of(TimeMs time) {
    return series::bucket_start(time, series::length_ms(series::Resolution::day));
  }

  bool add(const Revision& revision, std::vector<model::Assessment>& opinions) {
    bool changed = false;
    for (const model::Signal& signal : revision.assessments) {
      switch (model::assess(opinions, model::assessment_of(signal))) {
        case model::Assessed::added:
          ++done_.outcome.accepted;
          changed = true;
          break;
        case model::Assessed::known:
          ++done_.outcome.known;
          break;
        case model::Assessed::too_many:
          ++done_.outcome.too_many;
          break;
      }
    }
    return changed;
  }

  const std::span<const Revision> revisions_;
  const TimeMs kept_since_;
  Done& done_;
};

}  // namespace

Result<Revisions> revise(const MaintenanceParts& parts, std::span<const Revision> revisions) {
  std::vector<events::Position> positions;
  for (const Revision& revision : revisions) positions.push_back(revision.position);
  Done done{{}, std::vector<bool>(revisions.size())};
  const TimeMs kept_since = parts.log.kept_since(parts.clock.now_ms());
  for (std::size_t next = 0; next < positions.size();) {
    store::WriteBatch changes;
    const auto part =
        parts.log.revise(positions, next, Reviser(revisions, kept_since, done), changes);
    if (!part) return part.error();
    for (const TimeMs day : part->days) parts.rollups.mark_dirty(changes, day, day);
    if (!changes.empty()) {
      if (Status saved = parts.store.commit(changes, store::Sync::yes); !saved) {
        return std::move(saved).error();
      }
    }
    next = part->next;
  }
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    if (done.seen[i]) continue;
    done.outcome.gone.insert(done.outcome.gone.end(), revisions[i].assessments.begin(),
                             revisions[i].assessments.end());
  }
  return done.outcome;
}

}  // namespace vitals::pipeline
