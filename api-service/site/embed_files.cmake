# Writes a C++ file with the content of the files of the site, each as it is and compressed, so that the programs need
# nothing beside themselves.
#   cmake -DOUTPUT=<file.cpp> -DSITE=<folder> -DROOT=<folder> -DFILES=<a;b;...> -P embed_files.cmake
# Every file of SITE is known by its path below it with site/ before it, each of FILES by its path below ROOT.

function(to_bytes file out)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(REGEX REPLACE "((............................),)" "\\1" bytes "${bytes}")
  set(${out} "${bytes}" PARENT_SCOPE)
endfunction()

set(arrays "")
set(rows "")
set(index 0)
file(GLOB_RECURSE site_files RELATIVE ${SITE} ${SITE}/*)
list(SORT site_files)
list(TRANSFORM site_files PREPEND site/)
foreach(name IN LISTS site_files FILES)
  if(name MATCHES "^site/(.*)")
    set(file ${SITE}/${CMAKE_MATCH_1})
  else()
    set(file ${ROOT}/${name})
  endif()
  set(packed ${OUTPUT}.gz)
  file(ARCHIVE_CREATE OUTPUT ${packed} PATHS ${file} FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9)
  file(SHA256 ${file} digest)
  string(SUBSTRING ${digest} 0 16 tag)
  to_bytes(${file} plain_bytes)
  to_bytes(${packed} packed_bytes)
  string(APPEND arrays "constexpr char plain_${index}[] = {${plain_bytes}};\n")
  string(APPEND arrays "constexpr char packed_${index}[] = {${packed_bytes}};\n")
  string(APPEND rows "    {\"${name}\", {plain_${index}, sizeof(plain_${index})},\n"
    "     {packed_${index}, sizeof(packed_${index})}, \"${tag}\"},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(REMOVE ${OUTPUT}.gz)

file(WRITE ${OUTPUT} "// Made by api-service/site/embed_files.cmake.
#include \"api-service/site/embedded_files.hpp\"

namespace orderflow::api {
namespace {

${arrays}
constexpr EmbeddedFile files[] = {
${rows}};

}  // namespace

std::span<const EmbeddedFile> embedded_files() { return files; }

}  // namespace orderflow::api
")
