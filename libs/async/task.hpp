// task<T>: the coroutine type of every port and handler.
//
// Rules (tools/tidy checks what it can): parameters by value, references only to objects that outlive the coroutine by
// design and say so; coroutines are named functions, a lambda coroutine has no captures; no exception carries an
// expected outcome, that is what Result is for.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace orderflow {

template <class T>
using task = boost::asio::awaitable<T>;

}  // namespace orderflow
