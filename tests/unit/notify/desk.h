#pragma once

#include <map>
#include <string>
#include <vector>

#include "outbox_house.h"

namespace vitals::notify::test {

using Ids = std::vector<std::string>;

/// A receiver that answers by the id, and writes down what it was asked.
class Desk {
 public:
  explicit Desk(int status = 200) : status_(status) {}

  ScriptedCalls calls{[this](const net::ClientRequest& request) { return answer(request); }};
  std::map<std::string, int> statuses;  ///< by id
  Ids asked;
  std::vector<net::ClientRequest> requests;
  void answer_all(int status) { status_ = status; }

 private:
  Result<net::ClientAnswer> answer(const net::ClientRequest& request) {
    asked.push_back(header(request, "webhook-id"));
    requests.push_back(request);
    const auto given = statuses.find(asked.back());
    return net::ClientAnswer{given == statuses.end() ? status_ : given->second, {}, ""};
  }
  int status_;
};

}  // namespace vitals::notify::test
