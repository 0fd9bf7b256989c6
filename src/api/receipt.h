#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/wire/decoded.h>
#include <vitals/wire/json.h>

#include "answer.h"

namespace vitals::api {

/// How a body of items is framed, by the request's media type, or the answer to one that has no
/// body, or of a type that is not taken. A missing type and curl's default
/// (application/x-www-form-urlencoded) are read as JSON.
struct Body {
  wire::Framing framing = wire::Framing::json;
  std::optional<net::Response> refused;
};
Body body_of(const net::Request& request);

/// What of a request's items was refused, and what to answer with what became of the rest.
struct Receipt {
  /// `what` names an item in the answer: "event"; `count` were refused.
  Receipt(std::string_view what, std::uint64_t count, const std::vector<wire::Refusal>& refusals,
          wire::Framing framing);

  /// More that were refused, all for one reason.
  void refuse(std::uint64_t more, const std::string& reason);
  net::Response answer(std::uint64_t accepted, std::uint64_t duplicates,
                       const Json& more = {}) const;

  std::uint64_t rejected = 0;

 private:
  std::string_view what_;
  Json errors_ = Json::array();
};

/// The store did not take them.
net::Response not_stored(const Error& error);

}  // namespace vitals::api
