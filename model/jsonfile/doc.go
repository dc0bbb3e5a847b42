// Package jsonfile reads models written as JSON by export.WriteJSON, or by any program that keeps to the schema of the format: the
// constant [Schema], which is the file model.schema.json beside this one. What is read is equal to what was written: players, variables,
// constraints, pairs, SOS1 sets, conditions, suffixes, groups, implied pairs and notes, with the same indices, names and families.
//
// The reader takes the members of an object in any order and is strict otherwise: an unknown or repeated member, a value of the wrong
// type, an index outside of its list, an expression that is made of later ones, and a number that is not finite are each an *Error that
// says the line, the column and the place (constraints[3].function.linear[0]). Time and memory are about linear in the length of
// the file.
package jsonfile
