// What many files include: the standard library and, in a build with tests, GoogleTest. Precompiled once per build
// folder; every file still includes what it uses. Not Asio: its static error categories would make every target link
// it.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#ifdef ORDERFLOW_PCH_TESTS
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#endif
