#include <vitals/base/log.h>

#include "sections.h"

namespace vitals::config {

void read_log(Section section, LogOptions& log) {
  using Format = LogOptions::Format;
  section.choice<Format>("format", log.format, {{"text", Format::text}, {"json", Format::json}});
  section.choice<std::string>("level", log.level,
                              {{"trace", "trace"},
                               {"debug", "debug"},
                               {"info", "info"},
                               {"warning", "warning"},
                               {"error", "error"}});
}

}  // namespace vitals::config
