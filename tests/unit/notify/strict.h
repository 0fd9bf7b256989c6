#pragma once

#include <string>

#include <vitals/net/message.h>

namespace vitals::notify::test {

/// What the documentation of a service asks of a request, field by field; "" when all is well, else
/// the first thing that is wrong. Fields that it does not know are wrong too.

std::string slack_webhook_fault(const net::Request& request);
std::string slack_api_fault(const net::Request& request);
std::string pagerduty_fault(const net::Request& request);
std::string opsgenie_fault(const net::Request& request);
std::string alertmanager_fault(const net::Request& request);
std::string cloudevents_fault(const net::Request& request);

}  // namespace vitals::notify::test
