'use strict';

// Answers as the path parameter "mood" says, or the variable MOOD, so that a demo has every outcome to show.
const moods = {
  well: async () => ({ statusCode: 200, body: 'well' }),
  picky: async () => ({ statusCode: 422, body: 'not like that' }),
  thoughtful: async () => after(300, { statusCode: 200, body: 'thought about it' }),
  slow: async () => after(2000, { statusCode: 200, body: 'too late' }),
  failing: async () => { throw new Error('a bad mood'); },
  vague: async () => ({ body: 'a result without statusCode' }),
  odd: async () => ({ statusCode: 'perhaps', body: 'a status that is none' }),
  silent: async () => 'not JSON',
};

const after = (milliseconds, result) => new Promise((resolve) => setTimeout(resolve, milliseconds, result));

exports.handler = async (event) => {
  const { pathParameters } = JSON.parse(event.toString());
  const mood = moods[pathParameters.mood || process.env.MOOD];
  return mood ? mood() : { statusCode: 404, body: 'no such mood' };
};
