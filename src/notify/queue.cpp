#include "queue.h"

#include <vitals/store/keys.h>

#include "even_clock.h"

namespace vitals::notify {

/// Rows in order of their keys, then repeats in order of their time.
Queue::Turn Queue::turn_of(const Waiting& row) {
  if (!row.repeat) return row.key;
  Turn turn = "~";  // after all keys of rows
  store::put_u64(turn, static_cast<std::uint64_t>(row.due_at));
  return turn + row.incident;
}

void Queue::add(Waiting row) {
  if (row.repeat) drop_repeat(row.incident);
  Incident& incident = incidents_[row.incident];
  if (incident.rows == 0) incident.line = row.group.empty() ? "i" + row.incident : "g" + row.group;
  const auto line = lines_.try_emplace(incident.line).first;
  leave(line);
  insert(std::move(row));
  settle(line);
}

void Queue::insert(Waiting row) {
  Incident& incident = incidents_[row.incident];
  const Turn turn = turn_of(row);
  if (row.repeat) {
    incident.repeat = turn;
  } else {
    by_age_.emplace(row.queued_at, row.key);
    incident_of_[row.key] = row.incident;
  }
  ++incident.rows;
  lines_[incident.line].rows.emplace(turn, std::move(row));
}

void Queue::erase(Line& line, const Turn& turn) {
  const auto found = line.rows.find(turn);
  const Waiting& row = found->second;
  const auto incident = incidents_.find(row.incident);
  if (row.repeat) {
    incident->second.repeat.clear();
  } else {
    by_age_.erase({row.queued_at, row.key});
    incident_of_.erase(row.key);
  }
  if (--incident->second.rows == 0) incidents_.erase(incident);
  line.rows.erase(found);
}

void Queue::leave(Lines::iterator line) {
  if (!line->second.under_way) due_.erase({line->second.due_at, line->first});
}

void Queue::settle(Lines::iterator line) {
  if (line->second.under_way) return;
  if (line->second.rows.empty()) {
    lines_.erase(line);
    return;
  }
  line->second.due_at = line->second.rows.begin()->second.due_at;
  due_.emplace(line->second.due_at, line->first);
}

void Queue::drop_repeat(const std::string& name) {
  const auto incident = incidents_.find(name);
  if (incident == incidents_.end() || incident->second.repeat.empty()) return;
  const auto line = lines_.find(incident->second.line);
  const bool sent_now = line->second.under_way && line->second.rows.begin()->second.repeat;
  if (sent_now) return;
  leave(line);
  erase(line->second, Turn(incident->second.repeat));
  settle(line);
}

TimeMs Queue::due_at() const { return due_.empty() ? kNever : due_.begin()->first; }

std::vector<Waiting> Queue::take(TimeMs now, std::size_t together_max) {
  const auto line = lines_.find(due_.begin()->second);
  leave(line);
  line->second.under_way = true;
  const Waiting& head = line->second.rows.begin()->second;
  std::vector<Waiting> taken;
  for (const auto& [turn, row] : line->second.rows) {
    const bool joins = !row.group.empty() && row.group == head.group &&
                       row.message == head.message && row.repeat == head.repeat &&
                       (!row.repeat || row.due_at <= now);
    if (!taken.empty() && (!joins || taken.size() >= together_max)) break;
    taken.push_back(row);
  }
  return taken;
}

void Queue::together(const std::vector<Waiting>& rows, const std::string& message) {
  Line& line = lines_.find(incidents_.find(rows.front().incident)->second.line)->second;
  for (const Waiting& row : rows) line.rows.at(turn_of(row)).message = message;
}

void Queue::done(const std::vector<Waiting>& rows) {
  const auto line = lines_.find(incidents_.find(rows.front().incident)->second.line);
  leave(line);
  for (const Waiting& row : rows) erase(line->second, turn_of(row));
  line->second.under_way = false;
  settle(line);
}

void Queue::again(const std::vector<Waiting>& rows, TimeMs due_at) {
  const std::string name = incidents_.find(rows.front().incident)->second.line;
  const auto line = lines_.find(name);
  leave(line);
  for (const Waiting& taken : rows) {
    auto kept = line->second.rows.extract(turn_of(taken));
    Waiting& row = kept.mapped();
    row.due_at = due_at;
    kept.key() = turn_of(row);  // of a repeat it depends on the time
    if (row.repeat) incidents_[row.incident].repeat = kept.key();
    line->second.rows.insert(std::move(kept));
  }
  line->second.under_way = false;
  settle(line);
}

std::vector<Waiting> Queue::expire(TimeMs queued_before) {
  std::vector<Waiting> expired;
  while (!by_age_.empty() && by_age_.begin()->first <= queued_before) {
    const std::string key = by_age_.begin()->second;
    const auto line = lines_.find(incidents_.find(incident_of_.at(key))->second.line);
    if (line->second.under_way) break;  // soon its own try says what becomes of it
    leave(line);
    expired.push_back(line->second.rows.at(key));
    erase(line->second, key);
    settle(line);
  }
  return expired;
}

TimeMs Queue::oldest() const { return by_age_.empty() ? kNever : by_age_.begin()->first; }

}  // namespace vitals::notify
