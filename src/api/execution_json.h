#pragma once

#include <cstddef>
#include <map>

#include <vitals/query/engine.h>

#include "answer.h"

namespace vitals::api {

/// Executions of a page, each in the shape in which it was posted, with what was said of it later;
/// users and sessions as pseudonyms. The page must outlive it.
class ExecutionsJson {
 public:
  explicit ExecutionsJson(const query::ExecutionsPage& page);
  Json at(std::size_t row) const;

 private:
  const query::ExecutionsPage& page_;
  std::multimap<std::size_t, std::size_t> signals_;  ///< by row
};

}  // namespace vitals::api
