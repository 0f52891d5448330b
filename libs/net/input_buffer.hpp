// InputBuffer: bytes that were read and not used yet, in one piece.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace orderflow::net {

// Memory is taken with the first prepare() and given back by release(), so that an idle connection holds none.
class InputBuffer {
  public:
    std::string_view view() const noexcept { return {data_.get() + begin_, end_ - begin_}; }
    std::size_t size() const noexcept { return end_ - begin_; }
    bool empty() const noexcept { return begin_ == end_; }

    // Room for at least `room` bytes behind the ones held; views become invalid.
    std::span<char> prepare(std::size_t room) {
        if (capacity_ - end_ < room) make_room(room);
        return {data_.get() + end_, capacity_ - end_};
    }
    // The first `count` bytes of the room are filled.
    void commit(std::size_t count) noexcept { end_ += count; }
    void consume(std::size_t count) noexcept {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }
    // Gives the memory back when nothing is held and it is more than `keep`.
    void release(std::size_t keep) noexcept {
        if (!empty() || capacity_ <= keep) return;
        data_.reset();
        capacity_ = begin_ = end_ = 0;
    }

  private:
    void make_room(std::size_t room) {
        const auto held = size();
        if (capacity_ >= held + room) {
            std::memmove(data_.get(), data_.get() + begin_, held);
        } else {
            const auto larger = std::max(held + room, capacity_ * 2);
            auto moved = std::make_unique_for_overwrite<char[]>(larger);
            if (held > 0) std::memcpy(moved.get(), data_.get() + begin_, held);
            data_ = std::move(moved);
            capacity_ = larger;
        }
        begin_ = 0;
        end_ = held;
    }

    std::unique_ptr<char[]> data_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace orderflow::net
