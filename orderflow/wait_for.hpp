// wait_for(): runs one task to its end on the calling thread, for start and stop in main; never on a loop.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "libs/async/task.hpp"

namespace orderflow {

namespace detail {
// `out` outlives it: the caller runs the loop to its end.
template <class T>
task<void> store_result(task<T> work, std::optional<T>& out) {
    out.emplace(co_await std::move(work));
}
}  // namespace detail

template <class T>
T wait_for(task<T> work) {
    boost::asio::io_context loop(1);
    std::optional<T> result;
    boost::asio::co_spawn(loop, detail::store_result(std::move(work), result), [](const std::exception_ptr& thrown) {
        if (thrown) std::rethrow_exception(thrown);
    });
    loop.run();
    return std::move(result).value();
}

}  // namespace orderflow
