# orderflow_options: the compiler flags of every target. orderflow_library / orderflow_test: how a target is declared.

add_library(orderflow_options INTERFACE)
target_compile_features(orderflow_options INTERFACE cxx_std_23)
target_include_directories(orderflow_options INTERFACE ${PROJECT_SOURCE_DIR})
# Everything ends in a position-independent executable; libraries too are compiled for that (-fPIE needs no indirection
# for symbols that a shared library could replace, and one precompiled header serves both).
target_compile_options(orderflow_options INTERFACE -fPIE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch -Wformat=2 -Werror
  -fno-strict-overflow -fno-strict-aliasing -ftrivial-auto-var-init=zero -fno-delete-null-pointer-checks
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

if(NOT ORDERFLOW_SANITIZER)
  # OpenSSF compiler hardening guide; FORTIFY needs optimisation and clashes with the sanitizers.
  target_compile_options(orderflow_options INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
  # Coroutine frames from operator new: aligned_alloc takes the slow path of the allocator (docs/adr/0007-allocator.md).
  target_compile_definitions(orderflow_options INTERFACE
    BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC BOOST_ASIO_DISABLE_BOOST_ALIGN)
  target_link_options(orderflow_options INTERFACE
    -Wl,-z,nodlopen,-z,noexecstack,-z,relro,-z,now -Wl,--as-needed)
else()
  target_compile_options(orderflow_options INTERFACE
    -fsanitize=${ORDERFLOW_SANITIZER} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(orderflow_options INTERFACE -fsanitize=${ORDERFLOW_SANITIZER})
endif()
target_compile_definitions(orderflow_options INTERFACE
  _GLIBCXX_ASSERTIONS
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
target_link_options(orderflow_options INTERFACE -pie -fuse-ld=lld)

option(ORDERFLOW_FUZZ "Build the libFuzzer targets; every library is instrumented for them" OFF)
if(ORDERFLOW_FUZZ)
  target_compile_options(orderflow_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
option(ORDERFLOW_COVERAGE "Write a coverage profile when a program ends" OFF)
if(ORDERFLOW_COVERAGE)
  target_compile_options(orderflow_options INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(orderflow_options INTERFACE -fprofile-instr-generate)
endif()

option(ORDERFLOW_BREAKABLE "ORDERFLOW_BREAK leaves out safeguards (libs/base/safeguard.hpp); never for users" OFF)
if(ORDERFLOW_BREAKABLE)
  target_compile_definitions(orderflow_options INTERFACE ORDERFLOW_BREAKABLE)
endif()

# One precompiled header for all libraries and tests: measured, it saves 30 to 50 % of the time of a small file. Off by
# default, so that an #include that is missing shows in the dev preset; ASan, TSan and release switch it on.
option(ORDERFLOW_PCH "Precompile cmake/precompiled.hpp" OFF)
if(ORDERFLOW_PCH)
  add_library(orderflow_pch OBJECT ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
  target_link_libraries(orderflow_pch PRIVATE orderflow_options)
  if(ORDERFLOW_TESTS)
    target_link_libraries(orderflow_pch PRIVATE GTest::gmock)
    target_compile_definitions(orderflow_pch PRIVATE ORDERFLOW_PCH_TESTS)
  endif()
  target_compile_options(orderflow_pch PRIVATE -Xclang -fno-pch-timestamp)
  target_precompile_headers(orderflow_pch PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp)
endif()

# Without a time stamp in it, ccache can reuse what was compiled with the same header (CCACHE_SLOPPINESS: see ./dev).
function(orderflow_use_pch target)
  if(ORDERFLOW_PCH)
    target_compile_options(${target} PRIVATE -Xclang -fno-pch-timestamp)
    target_precompile_headers(${target} REUSE_FROM orderflow_pch)
  endif()
endfunction()

# A source of this directory that takes a file of the project into itself with #embed: ccache does not see that, so its
# content is a part of the command.
function(orderflow_embeds source file)
  set(path ${PROJECT_SOURCE_DIR}/${file})
  file(SHA256 ${path} digest)
  set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS ORDERFLOW_EMBEDDED_SHA256="${digest}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
endfunction()

# orderflow_program(name SOURCES main.cpp ... DEPS target ...)
# An executable that users run. It allocates with tcmalloc (docs/adr/0007-allocator.md has the figures); sanitizers
# bring an allocator of their own.
function(orderflow_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  if(NOT ORDERFLOW_SANITIZER)
    target_link_libraries(${name} PRIVATE ${ORDERFLOW_MALLOC})
  endif()
endfunction()

# orderflow_library(name SOURCES a.cpp ... DEPS target ... [PRIVATE_DEPS target ...])
# The target is static, with the alias orderflow::name. DEPS states the row of the layer table (docs: ARCHITECTURE.md).
function(orderflow_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  if(ARG_SOURCES)
    add_library(orderflow_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(orderflow_${name} PUBLIC orderflow_options ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
    orderflow_use_pch(orderflow_${name})
  else()
    add_library(orderflow_${name} INTERFACE)
    target_link_libraries(orderflow_${name} INTERFACE orderflow_options ${ARG_DEPS})
  endif()
  add_library(orderflow::${name} ALIAS orderflow_${name})
endfunction()

# What ThreadSanitizer builds: the tests with the label `threads`.
add_custom_target(orderflow_thread_tests)

# orderflow_test(name SOURCES a_test.cpp ... DEPS target ... [LABELS label ...])
# One executable, one ctest entry per file group. Label `threads` puts it into the ThreadSanitizer run.
function(orderflow_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  if(NOT ORDERFLOW_TESTS)
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE orderflow_options ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  orderflow_use_pch(${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
  if("threads" IN_LIST ARG_LABELS)
    add_dependencies(orderflow_thread_tests ${name})
  endif()
endfunction()
