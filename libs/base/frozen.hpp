// Frozen<T>: a value that never changes again. Copies share one memory, so that a large value can travel through
// queues, groups and caches at the price of a pointer.
#pragma once

#include <memory>
#include <utility>

namespace orderflow {

// Any thread may hold a copy. Moving copies: there is always a value.
template <class T>
class Frozen {
  public:
    // Not explicit: a value may be given wherever its frozen form is taken.
    Frozen(T value) : value_(std::make_shared<const T>(std::move(value))) {}

    Frozen(const Frozen&) = default;
    Frozen& operator=(const Frozen&) = default;
    ~Frozen() = default;

    const T& operator*() const noexcept { return *value_; }
    const T* operator->() const noexcept { return value_.get(); }

    friend bool operator==(const Frozen& a, const Frozen& b) { return a.value_ == b.value_ || *a == *b; }

  private:
    std::shared_ptr<const T> value_;
};

}  // namespace orderflow
