#pragma once

#include <memory>

#include <vitals/events/log_view.h>

#include "name_reader.h"

namespace vitals::events {

struct LogView::State {
  const EventLog& log;
  std::shared_ptr<const store::Snapshot> snapshot;

  NameReader names() const { return {*snapshot, log.tables().names, log.name_cache()}; }
};

}  // namespace vitals::events
