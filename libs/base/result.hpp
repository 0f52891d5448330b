// Result<T>: a value or an Error. Exceptions are left for start-up failures, bugs and lack of memory.
#pragma once

#include <expected>

#include "libs/base/error.hpp"

namespace orderflow {

template <class T>
using Result = std::expected<T, Error>;

// `return fail(ErrorKind::not_found, "order.unknown");`
[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string code, std::string detail = {}) {
    return std::unexpected<Error>(Error(kind, std::move(code), std::move(detail)));
}

// Hands an error of one Result on as another: `if (!order) return fail(std::move(order).error());`
[[nodiscard]] inline std::unexpected<Error> fail(Error error) { return std::unexpected<Error>(std::move(error)); }

}  // namespace orderflow
