#pragma once

#include <vitals/api/api.h>
#include <vitals/wire/json.h>

namespace vitals::api {

/// Derives the class of an error from its message (docs/errors.md): that of the table of patterns,
/// else that of its template, which is noted, else `other`. Thread-safe, as the services are that
/// it refers to.
wire::ErrorTypeOf error_type_of(const Services& services);

}  // namespace vitals::api
