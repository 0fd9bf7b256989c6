#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/api/api.h>
#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/model/filter.h>
#include <vitals/net/message.h>
#include <vitals/query/request.h>
#include <vitals/registry/pseudonyms.h>

namespace vitals::api {

/// Refuses parameters that the route does not know, by name.
Status only_parameters(const net::Request& request, std::initializer_list<std::string_view> known);

/// A whole number within bounds; `fallback` when it is not given.
Result<std::uint32_t> integer_parameter(const net::Request& request, std::string_view name,
                                        std::uint32_t fallback, std::uint32_t max);

/// 1 or 0; false when it is not given.
Result<bool> flag_parameter(const net::Request& request, std::string_view name);

/// A duration, above zero; `fallback` when it is not given.
Result<DurationMs> duration_parameter(const net::Request& request, std::string_view name,
                                      DurationMs fallback);

/// A time; nothing when it is not given.
Result<std::optional<TimeMs>> time_parameter(const net::Request& request, std::string_view name,
                                             TimeMs now);

/// Half-open.
struct TimeRange {
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
};
/// `window=`, or `from=` and `to=`; `window` is the default.
Result<TimeRange> range_parameters(const net::Request& request, TimeMs now,
                                   std::string_view window = "1h");

/// `confidence=`, in percent, which must be above `above` and below 100; nothing when it is not
/// given.
Result<std::optional<double>> confidence_parameter(const net::Request& request, int above);

/// Texts, separated by commas, each once; none when it is not given.
std::vector<std::string> list_parameter(const net::Request& request, std::string_view name);

/// The same of fields.
Result<std::vector<std::string>> fields_parameter(const net::Request& request,
                                                  std::string_view name);

/// `stat=`; nothing when it is not given.
Result<std::optional<metrics::Stat>> stat_parameter(const net::Request& request);

/// All `filter=` parameters, users and sessions pseudonymised.
Result<std::vector<model::Filter>> filter_parameters(const net::Request& request,
                                                     const registry::Pseudonyms& pseudonyms);

/// The same where answers must be of many: single users and sessions are refused.
Result<std::vector<model::Filter>> impersonal_filters(const net::Request& request,
                                                      const registry::Pseudonyms& pseudonyms);

/// What an answer about many is about.
struct Subject {
  TimeRange range;
  std::vector<model::Filter> filters;
};
/// range_parameters() and impersonal_filters().
Result<Subject> subject_parameters(const net::Request& request, const Services& services,
                                   std::string_view window = "1h");

/// Everything that GET /api/v1/metrics/{name} takes.
Result<query::MetricRequest> metric_request(const net::Request& request, std::string_view metric,
                                            const registry::Pseudonyms& pseudonyms, TimeMs now);

}  // namespace vitals::api
