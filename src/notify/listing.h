#pragma once

#include <vector>

#include <vitals/base/result.h>
#include <vitals/notify/outbox.h>
#include <vitals/store/store.h>

namespace vitals::notify {

/// The deliveries that a filter lets through, newest first. Errors: those of the store.
Result<std::vector<Delivery>> list(const store::Store& store, store::Table table,
                                   const DeliveryFilter& filter);

}  // namespace vitals::notify
