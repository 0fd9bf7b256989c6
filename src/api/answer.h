#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/metrics/metric.h>
#include <vitals/net/message.h>

namespace vitals::api {

/// Objects keep the order in which members are added.
using Json = nlohmann::ordered_json;

/// null for what is not there: no value, no text, a time that never was.
Json or_null(const std::optional<double>& value);
Json text_or_null(const std::string& text);
Json time_or_null(TimeMs time);

const char* to_string(metrics::Direction direction);

/// Text of a document; bytes that are not UTF-8 become U+FFFD.
std::string to_text(const Json& document);

net::Response json_answer(const Json& document, int status = 200);

/// RFC 9457 problem document.
net::Response problem(int status, std::string_view detail);
/// 400 … naming the parameter that is wrong.
net::Response bad_parameter(std::string_view field, std::string_view reason);
/// … with members of its own.
net::Response problem(int status, std::string_view detail, const Json& members);

/// The answer to an Error of a lower room.
net::Response problem(const Error& error);

std::string_view reason_phrase(int status);

}  // namespace vitals::api
