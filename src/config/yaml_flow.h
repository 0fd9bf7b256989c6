#pragma once

#include <cstddef>

#include "yaml_cursor.h"

namespace vitals::config {

/// Whether this line, at the start of a line, separates documents.
bool is_document_marker(std::string_view line);

/// Moves past a quoted scalar, which must end on its line.
bool skip_quoted(Cursor& at);

/// Moves past a plain scalar; in a flow collection it also ends at `,[]{}`. Stops before ` #` and
/// before a `:` that ends a key.
bool skip_plain(Cursor& at, bool in_flow);

/// Moves past a flow collection, over line ends. Further lines must be indented by at least
/// `indent_min`.
bool skip_flow(Cursor& at, std::size_t indent_min, int depth = 0);

}  // namespace vitals::config
